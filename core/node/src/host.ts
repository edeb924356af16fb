import 'reflect-metadata';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DisposableStore, fail, toDisposable, toProblem, type Disposable } from '@tutti/base';
import { bindServices } from './bindings.ts';
import { ServiceContainer } from './container.ts';
import { ClockSelectionToken } from './clock/clock-selection.ts';
import { EngineClientToken } from './engine/engine-client.ts';
import { EngineMonitorToken } from './engine/engine-monitor.ts';
import { FileTelemetryToken } from './engine/telemetry.ts';
import { watchDevelopment } from './extensions/development.ts';
import { ExtensionStoreToken } from './extensions/extension-store.ts';
import { StartGuardToken } from './extensions/start-guard.ts';
import { ExtensionsToken } from './extensions/extensions.ts';
import type { HostOptions } from './options.ts';
import { writeAtomically } from './platform/atomic-file.ts';
import { lockInstance } from './platform/instance-lock.ts';
import { InterfacesToken } from './platform/interfaces.ts';
import { createLog, LogToken } from './platform/log.ts';
import { createFolders, instancePaths, type Paths } from './platform/paths.ts';
import { EventBuffer, RecentEventsToken } from './platform/recent-events.ts';
import { CatalogueToken } from './sessions/catalogue.ts';
import { PublishingToken } from './sessions/publishing.ts';
import { ConfigurationToken } from './state/configuration.ts';
import { StateStoreToken } from './state/state-store.ts';
import { ReconcilerToken } from './streams/reconciler.ts';
import { StreamsToken } from './streams/streams.ts';
import { Access, loadToken } from './web/access.ts';
import { DoctorToken } from './web/doctor.ts';
import { StateFeed } from './web/state-feed.ts';
import { ViewsToken } from './web/views.ts';
import { WebServer } from './web/web-server.ts';

/** A running host. */
export interface Host {
  /** Address of the page, with the token. */
  readonly url: string;
  /** Resolves when somebody asked for the end over the host API. */
  readonly stopRequested: Promise<void>;
  /** Ends the host, and the engine too unless `keepEngine`. */
  stop(options?: { readonly keepEngine?: boolean }): Promise<void>;
}

/**
 * Starts a host: everything answers when the promise resolves.
 *
 * @throws TuttiError `conflict` if the instance is running or the port is taken; `timeout` if the engine does not start.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const paths = instancePaths(options.root, options.data);
  createFolders(paths);
  const owned = new DisposableStore();
  owned.add(await lockInstance(paths.instance));
  try {
    return await startLocked(owned, options, paths);
  } catch (error) {
    disposeAll(owned);
    throw error;
  }
}

async function startLocked(owned: DisposableStore, options: HostOptions, paths: Paths): Promise<Host> {
  const events = new EventBuffer();
  const log = createLog(paths.hostLog, options.quiet ?? false, events);
  const container = new ServiceContainer();
  container.bindValue(RecentEventsToken, events);
  bindServices(container, owned, options, paths, log);
  try {
    return await start(container, owned, options, paths);
  } catch (error) {
    log.error('host.failed', toProblem(error).message);
    container.get(StartGuardToken).passed(); // it says why; that is no crash
    // An engine that was playing before goes on; one that was started for nothing does not stay.
    const engine = container.get(EngineClientToken);
    if (engine.hasStartedEngine) await engine.shutdown();
    throw error;
  }
}

async function start(
  container: ServiceContainer,
  owned: DisposableStore,
  options: HostOptions,
  paths: Paths,
): Promise<Host> {
  const log = container.get(LogToken);
  const state = container.get(StateStoreToken);
  await state.load();
  await container.get(ExtensionStoreToken).recover();
  const guard = container.get(StartGuardToken);
  const extensions = container.get(ExtensionsToken);
  extensions.load();
  const engine = container.get(EngineClientToken);
  const telemetry = container.get(FileTelemetryToken);
  owned.add(engine.onDidConnect(({ telemetry: layout }) => telemetry.attach(layout)));
  const reconciler = container.get(ReconcilerToken);
  const catalogue = container.get(CatalogueToken);
  const publishing = container.get(PublishingToken);
  const streams = container.get(StreamsToken);
  const views = container.get(ViewsToken);
  await catalogue.start();
  await engine.start();
  await Promise.all([reconciler.reconcile(), extensions.activateAll()]);
  publishing.start();
  await Promise.all([publishing.flush(), catalogue.looking()]);
  if (container.get(InterfacesToken).current().length === 0) {
    log.warn(
      'interface.none',
      `no network interface is up${options.interface ? `: ${options.interface} is wanted` : ''}`,
    );
  }

  const changes = [
    state.onDidChange,
    catalogue.onDidChange,
    reconciler.onDidChange,
    publishing.onDidChange,
    extensions.onDidChange,
    engine.onDidChangeState,
    container.get(EngineMonitorToken).onDidChangeClock,
    container.get(InterfacesToken).onDidChange,
  ];
  const events = container.get(RecentEventsToken);
  const feed = owned.add(new StateFeed(views, changes, telemetry.onDidMeter, events));
  const token = loadToken(paths.token);
  const requested = deferred();
  const server = await WebServer.create({
    views,
    streams,
    catalogue,
    publishing,
    extensions,
    doctor: container.get(DoctorToken),
    extensionStore: container.get(ExtensionStoreToken),
    clock: container.get(ClockSelectionToken),
    configuration: container.get(ConfigurationToken),
    events,
    engineLog: paths.engineLog,
    stop: requested.resolve,
    access: new Access(token),
    feed,
    pageFolder: join(paths.dist, 'ui'),
    version: options.version,
  });
  const base = await listen(
    server,
    options,
    paths,
    container.get(ConfigurationToken).get<string>('http.listen'),
  );
  const url = `${base}/?token=${token}`;
  views.setUrl(url);
  await writeAtomically(paths.hostInfo, JSON.stringify({ pid: process.pid, url: base }));
  owned.add(toDisposable(() => rmSync(paths.hostInfo, { force: true })));
  guard.passed();
  owned.add(watchDevelopment(options.developmentExtensions ?? [], extensions));
  log.info('host.ready', `ready at ${base}`);

  let stopping: Promise<void> | undefined;
  const stop = async (keepEngine: boolean): Promise<void> => {
    log.info('host.stopping', keepEngine ? 'the host ends, the engine goes on' : 'host and engine end');
    try {
      feed.dispose();
      await server.close();
      if (!keepEngine) {
        await publishing.withdraw();
        await extensions.close();
        await engine.shutdown();
      }
      await catalogue.flush();
      await state.flush();
    } finally {
      disposeAll(owned);
      log.flush();
    }
  };
  return {
    url,
    stopRequested: requested.promise,
    stop: ({ keepEngine = false } = {}) => (stopping ??= stop(keepEngine)),
  };
}

/** The default instance has a fixed port; another instance takes a free one if nobody chose and the fixed one is taken. */
async function listen(
  server: WebServer,
  options: HostOptions,
  paths: Paths,
  configured: string,
): Promise<string> {
  const wanted = options.http ?? readListen(configured);
  try {
    return await server.listen(wanted.host, wanted.port);
  } catch (error) {
    const mayMove = options.http === undefined && !paths.isDefault && toProblem(error).code === 'conflict';
    if (!mayMove) throw error;
    return await server.listen(wanted.host, 0);
  }
}

/** Reads `HOST:PORT`. Only the loopback, until a password can be set. @throws TuttiError `invalid`, `unsupported`. */
export function readListen(text: string): { readonly host: string; readonly port: number } {
  const match = /^(\[[0-9a-f:]+\]|[^:]+):(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port > 65535) {
    throw fail('invalid', `"${text}" is not HOST:PORT`, {
      field: 'http',
      fix: 'as in 127.0.0.1:8067; port 0 is any free one',
    });
  }
  const host = match[1].replace(/^\[|\]$/g, '');
  if (host !== 'localhost' && host !== '::1' && !/^127\.\d+\.\d+\.\d+$/.test(host)) {
    throw fail('unsupported', `the host API listens on the loopback only, not on ${host}`, {
      field: 'http',
      fix: 'reach it from elsewhere through ssh -L',
    });
  }
  return { host, port };
}

function disposeAll(owned: Disposable): void {
  try {
    owned.dispose();
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
