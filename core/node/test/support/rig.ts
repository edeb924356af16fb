import { join } from 'node:path';
import { DisposableStore } from '@tutti/base';
import { PatientClock } from '../../src/clock/settled-clock.ts';
import { SocketEngineClient } from '../../src/engine/socket-engine-client.ts';
import { PollingEngineMonitor } from '../../src/engine/engine-monitor.ts';
import { FileTelemetry } from '../../src/engine/telemetry.ts';
import { createSilentLog } from '../../src/platform/log.ts';
import { createFolders, instancePaths } from '../../src/platform/paths.ts';
import { createPipelines } from '../../src/registries/pipelines.ts';
import { createRegistries } from '../../src/registries/registries.ts';
import { MergedCatalogue } from '../../src/sessions/merged-catalogue.ts';
import { SenderPublishing } from '../../src/sessions/sender-publishing.ts';
import { FileConfiguration } from '../../src/state/configuration.ts';
import { FileStateStore } from '../../src/state/state-store.ts';
import { LiveEnvironment } from '../../src/streams/environment-source.ts';
import { PlanReconciler } from '../../src/streams/plan-reconciler.ts';
import { ForkedExtensionHosts } from '../../src/extensions/extension-hosts.ts';
import { FileSourceCredentials } from '../../src/streams/source-credentials.ts';
import { ExtensionStorages } from '../../src/extensions/extension-storages.ts';
import { SourceReceptions } from '../../src/streams/source-receptions.ts';
import { TransactionalStreams } from '../../src/streams/transactional-streams.ts';
import { NullEngine } from '@tutti/test/null-engine';
import { FakeHostMdns } from './fake-mdns.ts';
import { eth0, eth1, SettableInterfaces } from './settable-interfaces.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The services around the streams, real ones, with an engine that keeps no audio behind a real socket. */
export class Rig {
  readonly folder = temporaryFolder();
  readonly paths = instancePaths('/nowhere', this.folder.path);
  readonly log = createSilentLog();
  readonly interfaces = new SettableInterfaces(eth0, eth1);
  readonly registries = createRegistries();
  readonly pipelines = createPipelines(this.log);
  readonly mdns = new FakeHostMdns();
  readonly #store = new DisposableStore();
  /** The engine that runs at present; another one after a kill. */
  engineProcess = this.#newEngine();
  readonly engine = new SocketEngineClient(this.paths, this.log, (_paths, onExit) => {
    this.engineProcess = this.#newEngine();
    this.engineProcess.listen(this.paths.engineSocket).catch(() => onExit(1, null));
  });
  readonly monitor = this.#store.add(new PollingEngineMonitor(this.engine));
  readonly clock = this.#store.add(new PatientClock(this.monitor));
  readonly telemetry = this.#store.add(new FileTelemetry(this.log));
  readonly state = new FileStateStore(this.paths, this.log);
  readonly configuration = this.#store.add(new FileConfiguration(this.paths, this.log));
  readonly environment = this.#store.add(
    new LiveEnvironment(this.interfaces, this.registries, this.clock, this.configuration),
  );
  readonly catalogue = this.#store.add(
    new MergedCatalogue(this.paths, this.registries, this.pipelines, this.state, this.log),
  );
  readonly reconciler = this.#store.add(
    new PlanReconciler(
      this.engine,
      this.monitor,
      this.state,
      this.environment,
      (reply) => this.telemetry.setSlots(reply),
      this.log,
    ),
  );
  readonly storages = new ExtensionStorages(this.paths.extensionStorage, this.log);
  readonly credentials = new FileSourceCredentials(this.paths.credentials, this.log);
  readonly receptions = this.#store.add(
    new SourceReceptions(this.state, this.reconciler, this.registries, this.credentials, this.log),
  );
  readonly streams = this.#store.add(new TransactionalStreams(this));
  readonly publishing = this.#store.add(
    new SenderPublishing(
      this.state,
      this.reconciler,
      this.environment,
      this.registries,
      this.pipelines,
      this.log,
    ),
  );

  async start(): Promise<this> {
    createFolders(this.paths);
    await this.state.load();
    for (const id of ['L16', 'L24']) {
      const library = { kind: 'codec', id, extension: 'test.codecs', path: `/${id}.so`, file: '' } as const;
      this.#store.add(this.registries.codecs.register(id, library));
    }
    const clock = {
      kind: 'clock',
      id: 'system',
      extension: 'test.codecs',
      path: '/clock.so',
      file: '',
    } as const;
    this.#store.add(this.registries.clocks.register('system', clock));
    this.#store.add(this.engine.onDidConnect(({ telemetry }) => this.telemetry.attach(telemetry)));
    await this.catalogue.start();
    await this.engine.start();
    await this.reconciler.reconcile();
    this.receptions.start();
    this.publishing.start();
    await this.publishing.flush();
    return this;
  }

  /** The processes of extensions. @param dist folder of the bundle that they run */
  extensionHosts(dist: string, version: string): ForkedExtensionHosts {
    const { interfaces, registries, pipelines, mdns, storages, log } = this;
    const entry = join(dist, 'exthost.js');
    const installed = join(this.folder.path, 'installed');
    const services = { interfaces, registries, pipelines, mdns, storages, log };
    return new ForkedExtensionHosts({ entry, dist, installed, version, ...services });
  }

  /** Ends everything; returns what is still registered and where, which is nothing. */
  async stop(): Promise<Readonly<Record<string, number>>> {
    await this.publishing.flush();
    await this.catalogue.flush();
    await this.state.flush();
    this.#store.dispose();
    this.engine.dispose();
    await this.engineProcess.kill();
    this.folder.dispose();
    const { messages, ...registries } = this.registries;
    const counts = {
      interfaces: this.interfaces.emitter.listenerCount,
      messages: messages.listenerCount,
      ...Object.fromEntries(
        Object.entries(registries).map(([name, { size, listenerCount }]) => [name, size + listenerCount]),
      ),
      taps: Object.values(this.pipelines).reduce((sum: number, { size }: { size: number }) => sum + size, 0),
      connections: this.engineProcess.connectionCount,
    };
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  }

  #newEngine(): NullEngine {
    return new NullEngine(`${this.folder.path}/telemetry`);
  }
}
