import 'reflect-metadata';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DisposableStore, toDisposable, toProblem, type Disposable } from '@tutti/base';
import { Access, loadToken, loopbackNames } from './access/access.ts';
import { PasswordsToken } from './access/passwords.ts';
import { ShowLockToken } from './access/show-lock.ts';
import { SignInsToken } from './access/sign-ins.ts';
import { bindServices } from './bindings.ts';
import { ServiceContainer } from './container.ts';
import { ClockSelectionToken } from './clock/clock-selection.ts';
import { EngineClientToken } from './engine/engine-client.ts';
import { NativeCrashesToken } from './engine/native-crashes.ts';
import { EngineMonitorToken } from './engine/engine-monitor.ts';
import { FileTelemetryToken } from './engine/telemetry.ts';
import { watchDevelopment } from './extensions/development.ts';
import { ExtensionStoragesToken } from './extensions/extension-storages.ts';
import { ExtensionStoreToken } from './extensions/extension-store.ts';
import { StartGuardToken } from './extensions/start-guard.ts';
import { ExtensionsToken } from './extensions/extensions.ts';
import { HealthLog } from './health/health-log.ts';
import type { HostOptions } from './options.ts';
import { writeAtomically } from './platform/atomic-file.ts';
import { lockInstance } from './platform/instance-lock.ts';
import { InterfacesToken } from './platform/interfaces.ts';
import { tellFaults } from './platform/faults.ts';
import { createLog, LogToken } from './platform/log.ts';
import { createFolders, instancePaths, type Paths } from './platform/paths.ts';
import { EventBuffer, RecentEventsToken } from './platform/recent-events.ts';
import { CatalogueToken } from './sessions/catalogue.ts';
import { PublishingToken } from './sessions/publishing.ts';
import { PipelinesToken } from './registries/pipelines.ts';
import { RegistriesToken } from './registries/registries.ts';
import { ConfigurationToken } from './state/configuration.ts';
import { StateStoreToken } from './state/state-store.ts';
import { ReceptionsToken } from './streams/receptions.ts';
import { ReconcilerToken } from './streams/reconciler.ts';
import { followDriver } from './streams/follow-driver.ts';
import { StreamsToken } from './streams/streams.ts';
import { announceContributions } from './web/announce-contributions.ts';
import { contributeCoreCommands } from './contributions/core-commands.ts';
import { HalDriversToken } from './contributions/hal-drivers.ts';
import { ContributionViewsToken } from './web/contribution-views.ts';
import { DoctorToken } from './web/doctor.ts';
import { readListen } from './web/listen-address.ts';
import { RemoteServerToken } from './web/remote-server.ts';
import { LevelFeed } from './web/level-feed.ts';
import { StateFeed } from './web/state-feed.ts';
import { ViewsToken } from './web/views.ts';
import { WebServer, type WebServerParts } from './web/web-server.ts';

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
  owned.add(tellFaults(log));
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
  container.get(NativeCrashesToken).look();
  const engine = container.get(EngineClientToken);
  container.get(HalDriversToken); // before the engine connects, which it waits for
  const telemetry = container.get(FileTelemetryToken);
  owned.add(engine.onDidConnect(({ telemetry: layout }) => telemetry.attach(layout)));
  const reconciler = container.get(ReconcilerToken);
  const catalogue = container.get(CatalogueToken);
  const publishing = container.get(PublishingToken);
  const streams = container.get(StreamsToken);
  owned.add(contributeCoreCommands(container.get(RegistriesToken), streams));
  const views = container.get(ViewsToken);
  owned.add(
    engine.onDidWantRate((rate) => void followDriver(rate, streams, container.get(ShowLockToken), log)),
  );
  await catalogue.start();
  await engine.start();
  await Promise.all([reconciler.reconcile(), extensions.activateAll()]);
  const receptions = container.get(ReceptionsToken);
  receptions.start();
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
    receptions.onDidChange,
    publishing.onDidChange,
    extensions.onDidChange,
    engine.onDidChangeState,
    container.get(EngineMonitorToken).onDidChangeClock,
    container.get(InterfacesToken).onDidChange,
    container.get(ConfigurationToken).onDidChange,
  ];
  owned.add(new HealthLog(() => views.receivers(), log));
  const registries = container.get(RegistriesToken);
  const contributions = container.get(ContributionViewsToken);
  owned.add(announceContributions(registries, contributions));
  const events = container.get(RecentEventsToken);
  const feed = owned.add(new StateFeed(views, changes, registries.messages.event, events));
  const levels = owned.add(new LevelFeed(views, telemetry.onDidMeter));
  const token = loadToken(paths.token);
  const configuration = container.get(ConfigurationToken);
  const requested = deferred();
  const signIns = container.get(SignInsToken);
  const remote = container.get(RemoteServerToken);
  const parts: Omit<WebServerParts, 'access'> = {
    views,
    streams,
    catalogue,
    publishing,
    extensions,
    doctor: container.get(DoctorToken),
    extensionStore: container.get(ExtensionStoreToken),
    extensionStorages: container.get(ExtensionStoragesToken),
    clock: container.get(ClockSelectionToken),
    registries,
    configuration,
    contributions,
    events,
    engineLog: paths.engineLog,
    stop: requested.resolve,
    passwords: container.get(PasswordsToken),
    signIns,
    showLock: container.get(ShowLockToken),
    remote,
    feed,
    levels,
    pageFolder: join(paths.dist, 'ui'),
    version: options.version,
  };
  const server = await WebServer.create({
    ...parts,
    access: new Access(token, signIns, { scheme: 'http', names: () => loopbackNames }),
  });
  const base = await listen(server, options, paths, configuration.get<string>('http.listen'));
  const url = `${base}/?token=${token}`;
  views.setUrl(base); // whoever may look, a viewer too, is told of it: without the token
  await remote.start((certificate) =>
    WebServer.create({
      ...parts,
      certificate,
      access: new Access(token, signIns, { scheme: 'https', names: () => remote.names() }),
    }),
  );
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
      levels.dispose();
      await Promise.all([server.close(), remote.close()]);
      if (!keepEngine) {
        await container.get(PipelinesToken).shutdown.run(undefined, undefined);
        await publishing.withdraw();
        await extensions.close();
        await engine.shutdown();
      }
      await container.get(ExtensionStoragesToken).flush();
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
