import { join } from 'node:path';
import type { Disposable, DisposableStore } from '@tutti/base';
import { HostMdnsToken } from '@tutti/common';
import { FilePasswords, PasswordsToken } from './access/passwords.ts';
import { ShowLockToken, StoredShowLock } from './access/show-lock.ts';
import { MemorySignIns, SignInsToken } from './access/sign-ins.ts';
import type { ServiceContainer } from './container.ts';
import { ClockSelectionToken, TransactionalClockSelection } from './clock/clock-selection.ts';
import { ClockWatchToken, MonitoredClock } from './clock/clock-watch.ts';
import { PatientClock, SettledClockToken } from './clock/settled-clock.ts';
import { HalDrivers, HalDriversToken } from './contributions/hal-drivers.ts';
import { EngineClientToken } from './engine/engine-client.ts';
import { NativeCrashes, NativeCrashesToken } from './engine/native-crashes.ts';
import { EngineMonitorToken, PollingEngineMonitor } from './engine/engine-monitor.ts';
import { SocketEngineClient } from './engine/socket-engine-client.ts';
import { FileTelemetry, FileTelemetryToken } from './engine/telemetry.ts';
import { ExtensionHostsToken, ForkedExtensionHosts } from './extensions/extension-hosts.ts';
import { ExtensionManager } from './extensions/extension-manager.ts';
import { ExtensionsToken } from './extensions/extensions.ts';
import { ExtensionStorages, ExtensionStoragesToken } from './extensions/extension-storages.ts';
import { ExtensionStore, ExtensionStoreToken } from './extensions/extension-store.ts';
import { scanExtensions } from './extensions/scan.ts';
import { StartGuard, StartGuardToken } from './extensions/start-guard.ts';
import { SwitchingMdns } from './mdns/switching-mdns.ts';
import { CounterHistoryToken, SampledCounterHistory } from './health/counter-history.ts';
import { HostOptionsToken, type HostOptions } from './options.ts';
import { InterfacesToken, PolledInterfaces } from './platform/interfaces.ts';
import { LogToken, type Log } from './platform/log.ts';
import { PathsToken, type Paths } from './platform/paths.ts';
import { createPipelines, PipelinesToken } from './registries/pipelines.ts';
import { createRegistries, RegistriesToken } from './registries/registries.ts';
import { CatalogueToken } from './sessions/catalogue.ts';
import { MergedCatalogue } from './sessions/merged-catalogue.ts';
import { PublishingToken } from './sessions/publishing.ts';
import { SenderPublishing } from './sessions/sender-publishing.ts';
import { ConfigurationToken, FileConfiguration } from './state/configuration.ts';
import { FileStateStore, StateStoreToken } from './state/state-store.ts';
import { EnvironmentSourceToken, LiveEnvironment } from './streams/environment-source.ts';
import { PlanReconciler } from './streams/plan-reconciler.ts';
import { ReceptionsToken } from './streams/receptions.ts';
import { ReconcilerToken } from './streams/reconciler.ts';
import { FileSourceCredentials, SourceCredentialsToken } from './streams/source-credentials.ts';
import { SourceReceptions } from './streams/source-receptions.ts';
import { StreamsToken } from './streams/streams.ts';
import { TransactionalStreams } from './streams/transactional-streams.ts';
import { ContributionViews, ContributionViewsToken } from './web/contribution-views.ts';
import { Doctor, DoctorToken } from './web/doctor.ts';
import { RemoteServer, RemoteServerToken } from './web/remote-server.ts';
import { Views, ViewsToken } from './web/views.ts';

/** The host's services and what each one needs: the one place where implementations are chosen. */
export function bindServices(
  container: ServiceContainer,
  owned: DisposableStore,
  options: HostOptions,
  paths: Paths,
  log: Log,
): void {
  const own = <T extends Disposable>(service: T): T => owned.add(service);
  container.bindValue(HostOptionsToken, options);
  container.bindValue(PathsToken, paths);
  container.bindValue(LogToken, log);
  container.bindValue(RegistriesToken, createRegistries());
  container.bindValue(PipelinesToken, createPipelines(log));
  container.bind(StateStoreToken, [PathsToken, LogToken], (...parts) => new FileStateStore(...parts));
  container.bind(ConfigurationToken, [PathsToken, LogToken], (...parts) =>
    own(new FileConfiguration(...parts)),
  );
  container.bind(InterfacesToken, [ConfigurationToken], (configuration) =>
    own(
      new PolledInterfaces(
        options.interface ?? (configuration.get<string>('network.interface') || undefined),
      ),
    ),
  );
  container.bind(EngineClientToken, [PathsToken, LogToken], (...parts) =>
    own(new SocketEngineClient(...parts)),
  );
  container.bind(NativeCrashesToken, [EngineClientToken], (engine) =>
    own(new NativeCrashes(engine, paths.engineCrash)),
  );
  container.bind(EngineMonitorToken, [EngineClientToken], (engine) => own(new PollingEngineMonitor(engine)));
  container.bind(SettledClockToken, [EngineMonitorToken], (monitor) => own(new PatientClock(monitor)));
  container.bind(ClockWatchToken, [EngineMonitorToken, LogToken], (...parts) =>
    own(new MonitoredClock(...parts)),
  );
  container.bind(FileTelemetryToken, [LogToken], (each) => own(new FileTelemetry(each)));
  container.bind(CounterHistoryToken, [StateStoreToken, FileTelemetryToken], (state, telemetry) =>
    own(
      new SampledCounterHistory(
        () => state.current.receivers.map(({ id }) => id),
        (id) => telemetry.receiver(id),
      ),
    ),
  );
  container.bind(
    StartGuardToken,
    [LogToken],
    (each) => new StartGuard(paths.startMarker, options.disableExtensions ?? false, each),
  );
  container.bind(HostMdnsToken, [InterfacesToken, ConfigurationToken, LogToken], (...parts) =>
    own(new SwitchingMdns(...parts, join(paths.dist, 'native/dns_sd.node'))),
  );
  bindExtensions(container, own, options, paths);
  container.bind(
    CatalogueToken,
    [PathsToken, RegistriesToken, PipelinesToken, StateStoreToken, LogToken],
    (...parts) => own(new MergedCatalogue(...parts)),
  );
  container.bind(
    EnvironmentSourceToken,
    [InterfacesToken, RegistriesToken, SettledClockToken, ConfigurationToken],
    (...parts) => own(new LiveEnvironment(...parts)),
  );
  container.bind(
    ReconcilerToken,
    [
      EngineClientToken,
      EngineMonitorToken,
      StateStoreToken,
      EnvironmentSourceToken,
      FileTelemetryToken,
      LogToken,
    ],
    (engine, monitor, state, environment, telemetry, each) =>
      own(
        new PlanReconciler(engine, monitor, state, environment, (reply) => telemetry.setSlots(reply), each),
      ),
  );
  container.bind(
    ClockSelectionToken,
    [ReconcilerToken, RegistriesToken, ConfigurationToken, EngineMonitorToken, LogToken],
    (...parts) => new TransactionalClockSelection(...parts),
  );
  container.bind(
    SourceCredentialsToken,
    [LogToken],
    (each) => new FileSourceCredentials(paths.credentials, each),
  );
  container.bind(
    ReceptionsToken,
    [StateStoreToken, ReconcilerToken, RegistriesToken, SourceCredentialsToken, LogToken],
    (...parts) => own(new SourceReceptions(...parts)),
  );
  container.bind(
    StreamsToken,
    [
      ReconcilerToken,
      StateStoreToken,
      CatalogueToken,
      PipelinesToken,
      InterfacesToken,
      RegistriesToken,
      ConfigurationToken,
      ReceptionsToken,
      SourceCredentialsToken,
      LogToken,
    ],
    (
      reconciler,
      state,
      catalogue,
      pipelines,
      interfaces,
      registries,
      configuration,
      receptions,
      credentials,
      each,
    ) =>
      own(
        new TransactionalStreams({
          reconciler,
          state,
          catalogue,
          pipelines,
          interfaces,
          registries,
          configuration,
          receptions,
          credentials,
          log: each,
        }),
      ),
  );
  container.bind(
    PublishingToken,
    [StateStoreToken, ReconcilerToken, EnvironmentSourceToken, RegistriesToken, PipelinesToken, LogToken],
    (...parts) => own(new SenderPublishing(...parts)),
  );
  container.bind(
    HalDriversToken,
    [EngineClientToken, StateStoreToken, RegistriesToken, LogToken],
    (...parts) => own(new HalDrivers(...parts)),
  );
  bindAccess(container, own, paths);
  bindViews(container, options);
}

function bindAccess(
  container: ServiceContainer,
  own: <T extends Disposable>(service: T) => T,
  paths: Paths,
): void {
  container.bind(PasswordsToken, [LogToken], (log) => own(new FilePasswords(paths.passwords, log)));
  container.bind(SignInsToken, [PasswordsToken, LogToken], (...parts) => own(new MemorySignIns(...parts)));
  container.bind(ShowLockToken, [StateStoreToken, LogToken], (...parts) => new StoredShowLock(...parts));
  container.bind(
    RemoteServerToken,
    [PasswordsToken, ConfigurationToken, InterfacesToken, LogToken],
    (passwords, configuration, interfaces, log) =>
      own(new RemoteServer({ passwords, configuration, interfaces, paths, log })),
  );
}

function bindExtensions(
  container: ServiceContainer,
  own: <T extends Disposable>(service: T) => T,
  options: HostOptions,
  paths: Paths,
): void {
  container.bind(
    ExtensionStoragesToken,
    [LogToken],
    (log) => new ExtensionStorages(paths.extensionStorage, log),
  );
  container.bind(
    ExtensionHostsToken,
    [InterfacesToken, RegistriesToken, PipelinesToken, HostMdnsToken, ExtensionStoragesToken, LogToken],
    (interfaces, registries, pipelines, mdns, storages, log) =>
      own(
        new ForkedExtensionHosts({
          entry: join(paths.dist, 'exthost.js'),
          dist: paths.dist,
          installed: paths.installedExtensions,
          version: options.version,
          interfaces,
          registries,
          pipelines,
          mdns,
          storages,
          log,
        }),
      ),
  );
  const folders = {
    development: options.developmentExtensions ?? [],
    builtIn: paths.extensions,
    installed: paths.installedExtensions,
  };
  container.bindValue(ExtensionStoreToken, new ExtensionStore(paths.installedExtensions));
  container.bind(
    ExtensionsToken,
    [
      RegistriesToken,
      ConfigurationToken,
      StateStoreToken,
      ExtensionHostsToken,
      NativeCrashesToken,
      ReconcilerToken,
      StartGuardToken,
      LogToken,
    ],
    (registries, configuration, state, hosts, crashes, reconciler, guard, log) =>
      own(
        new ExtensionManager({
          scan: () => scanExtensions(folders, options.version),
          registries,
          configuration,
          state,
          hosts,
          onNativeCrash: crashes.onDidCrash,
          native: reconciler,
          safeMode: guard.safeMode,
          log,
        }),
      ),
  );
}

function bindViews(container: ServiceContainer, options: HostOptions): void {
  container.bind(
    ViewsToken,
    [
      StateStoreToken,
      EngineClientToken,
      EngineMonitorToken,
      ClockWatchToken,
      FileTelemetryToken,
      CounterHistoryToken,
      InterfacesToken,
      RegistriesToken,
      CatalogueToken,
      ReconcilerToken,
      ReceptionsToken,
      EnvironmentSourceToken,
      PathsToken,
      ExtensionsToken,
      ConfigurationToken,
    ],
    (
      state,
      engine,
      monitor,
      clockWatch,
      telemetry,
      counterHistory,
      interfaces,
      registries,
      catalogue,
      reconciler,
      receptions,
      environment,
      paths,
      extensions,
      configuration,
    ) =>
      new Views({
        options,
        paths,
        extensions,
        configuration,
        state,
        engine,
        monitor,
        clockWatch,
        telemetry,
        counterHistory,
        interfaces,
        registries,
        catalogue,
        reconciler,
        receptions,
        environment,
      }),
  );
  container.bind(
    DoctorToken,
    [ViewsToken, ExtensionsToken, ReconcilerToken, RegistriesToken, ConfigurationToken],
    (views, extensions, reconciler, registries, configuration) =>
      new Doctor({ views, extensions, reconciler, registries, configuration }),
  );
  container.bind(
    ContributionViewsToken,
    [RegistriesToken, HalDriversToken],
    (...parts) => new ContributionViews(...parts),
  );
}
