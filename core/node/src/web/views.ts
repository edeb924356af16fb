import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createToken, fail } from '@tutti/base';
import type {
  Arrivals,
  ClockDetails,
  ClockInfo,
  ClockSourceInfo,
  Counters,
  DeviceInfo,
  DriverInfo,
  DsdInfo,
  HostState,
  MeterFrame,
  ReceiverInfo,
  RunState,
  SenderInfo,
  SettingsInfo,
  StatusInfo,
} from '@tutti/common';
import { dsdName, senderFramesPerPacket } from '@tutti/model';
import type { ClockWatch } from '../clock/clock-watch.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { EngineMonitor } from '../engine/engine-monitor.ts';
import type { Telemetry } from '../engine/telemetry.ts';
import type { CounterHistory } from '../health/counter-history.ts';
import { judgeReceiver } from '../health/judge-receiver.ts';
import type { Extensions } from '../extensions/extensions.ts';
import type { HostOptions } from '../options.ts';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Paths } from '../platform/paths.ts';
import type { Registries } from '../registries/registries.ts';
import type { Catalogue } from '../sessions/catalogue.ts';
import type { Configuration } from '../state/configuration.ts';
import type { StateStore } from '../state/state-store.ts';
import type { StoredReceiver, StoredSender } from '../state/stored-state.ts';
import type { EnvironmentSource } from '../streams/environment-source.ts';
import { addressOf } from '../streams/plan-environment.ts';
import { linkOffsetMs } from '../streams/receiver-plan.ts';
import type { Receptions } from '../streams/receptions.ts';
import type { Reconciler } from '../streams/reconciler.ts';
import { compareClocks, resolveTiming } from '../streams/stream-timing.ts';

/** A stream whose last packet is older than this is waiting. The longest packet time is far shorter. */
const recentNs = 1_000_000_000;
const maxLoad = 1;

export interface ViewParts {
  readonly options: HostOptions;
  readonly paths: Paths;
  readonly extensions: Extensions;
  readonly configuration: Configuration;
  readonly state: StateStore;
  readonly engine: EngineClient;
  readonly monitor: EngineMonitor;
  readonly clockWatch: ClockWatch;
  readonly telemetry: Telemetry;
  readonly counterHistory: CounterHistory;
  readonly interfaces: Interfaces;
  readonly registries: Registries;
  readonly catalogue: Catalogue;
  readonly reconciler: Reconciler;
  readonly receptions: Receptions;
  readonly environment: EnvironmentSource;
}

/** The host API's picture of everything: stored state, plan and telemetry put together, numbers from 1. */
export class Views {
  readonly #parts: ViewParts;
  #load: { readonly at: number; readonly busyNs: number; readonly value: number } = {
    at: 0,
    busyNs: 0,
    value: 0,
  };
  #url = '';

  readonly #driver: DriverInfo;

  constructor(parts: ViewParts) {
    this.#parts = parts;
    this.#driver = driverOf(parts.paths);
  }

  /** Where the page is, once it is known. */
  setUrl(url: string): void {
    this.#url = url;
  }

  all(): HostState {
    return {
      status: this.status(),
      sessions: this.#parts.catalogue.list(),
      receivers: this.receivers(),
      senders: this.senders(),
      extensions: this.#parts.extensions.list(),
      settings: this.settings(),
    };
  }

  settings(): SettingsInfo {
    const { configuration } = this.#parts;
    const problem = configuration.problems.find(({ field }) => field === 'file');
    return {
      path: this.#parts.paths.settings,
      ...(problem && { problem }),
      settings: configuration.list(),
    };
  }

  status(): StatusInfo {
    const { options, engine, monitor, interfaces } = this.#parts;
    const pid = engine.welcome?.pid;
    return {
      version: options.version,
      url: this.#url,
      pid: process.pid,
      engine: { state: engine.state, ...(pid !== undefined && { pid }) },
      interfaces: interfaces.current().map(({ name, address }) => ({ name, address })),
      notices: monitor.status?.notices ?? engine.welcome?.notices ?? [],
      clock: this.clock(),
      device: this.device(),
      engineLoad: this.#engineLoad(),
      engineHeldUpMs: this.#engineHeldUpMs(),
      ...(this.#parts.state.current.showLock && { lock: this.#parts.state.current.showLock }),
    };
  }

  clock(): ClockInfo {
    const runs = this.#parts.engine.state === 'running'; // a dead engine's clock is nobody's
    const clock = runs ? this.#parts.monitor.status?.clock : undefined;
    return (
      clock ?? { source: this.#parts.state.current.clockSource, state: 'listening', mediaTime: '0', steps: 0 }
    );
  }

  /** @param since ISO 8601: only what the history has after it. */
  clockDetails(since = ''): ClockDetails {
    const { report, history, events } = this.#parts.clockWatch;
    return { ...this.clock(), report, history: history.filter(({ at }) => at > since), events };
  }

  clockSources(): readonly ClockSourceInfo[] {
    const active = this.#parts.monitor.status?.clock.source ?? this.#parts.state.current.clockSource;
    return this.#parts.registries.clocks
      .entries()
      .map(([id, { extension }]) => ({ id, extension, active: id === active }));
  }

  device(): DeviceInfo {
    return {
      ...this.#parts.state.current.device,
      clients: this.#parts.monitor.status?.clients ?? [],
      driver: this.#driver,
    };
  }

  receivers(): readonly ReceiverInfo[] {
    return this.#parts.state.current.receivers.map((each) => this.#receiver(each));
  }

  /** @throws TuttiError `notFound`. */
  receiver(id: string): ReceiverInfo {
    const found = this.#parts.state.current.receivers.find((each) => each.id === id);
    if (found === undefined)
      throw fail('notFound', `no receiver ${id}`, { field: 'id', fix: 'see "tutti receiver list"' });
    return this.#receiver(found);
  }

  /** @throws TuttiError `notFound`. */
  arrivals(id: string): Arrivals {
    this.receiver(id); // says so if there is none
    return { counts: this.#parts.telemetry.arrivals(id) };
  }

  senders(): readonly SenderInfo[] {
    return this.#parts.state.current.senders.map((each) => this.#sender(each));
  }

  /** @throws TuttiError `notFound`. */
  sender(id: string): SenderInfo {
    const found = this.#parts.state.current.senders.find((each) => each.id === id);
    if (found === undefined)
      throw fail('notFound', `no sender ${id}`, { field: 'id', fix: 'see "tutti sender list"' });
    return this.#sender(found);
  }

  /** Device channels, from 0, that carry words of DSD. Asked for every frame of meters: only what may have some is looked at. */
  dsdChannels(): Pick<MeterFrame, 'dsdInputs' | 'dsdOutputs'> {
    const { telemetry, state, reconciler } = this.#parts;
    const { receivers = [], senders = [] } = reconciler.plan ?? {};
    const encodings = new Map([
      ...state.current.receivers.map(({ id, stream }) => [id, stream.encoding] as const),
      ...state.current.senders.map(({ id, encoding }) => [id, encoding] as const),
    ]);
    const mayHide = ({ id, codec }: { readonly id: string; readonly codec: string }): boolean =>
      codec !== encodings.get(id);
    const carries = (counters: Counters): boolean => counters['dsdWords'] === 1;
    return {
      dsdInputs: new Set(
        receivers
          .filter((each) => mayHide(each) && carries(telemetry.receiver(each.id)))
          .flatMap(({ routes }) => routes.map(([, input]) => input)),
      ),
      dsdOutputs: new Set(
        senders
          .filter((each) => mayHide(each) && carries(telemetry.sender(each.id)))
          .flatMap(({ routes }) => routes.map(([output]) => output)),
      ),
    };
  }

  #receiver(stored: StoredReceiver): ReceiverInfo {
    const info = this.#plainReceiver(stored);
    const { telemetry, counterHistory, engine, environment } = this.#parts;
    const now = environment.current();
    const peaks = telemetry.recentPeaks()?.inputs;
    const health = judgeReceiver({
      ...info,
      engineRuns: engine.state === 'running',
      flowing: info.state === 'running',
      legs: info.legs.map((leg) => ({
        ...leg,
        up: now.interfaces.some(({ name, address }) => name === leg.interface || address === leg.interface),
      })),
      clock: this.clock(),
      match: compareClocks(stored, now),
      recent: counterHistory.recent(info.id),
      engineHeldUpMs: this.#engineHeldUpMs(),
      mapped: info.map.length,
      peak: peaks && Math.max(0, ...info.map.map(([, input]) => peaks[input - 1] ?? 0)),
    });
    return { ...info, health };
  }

  #plainReceiver(stored: StoredReceiver): Omit<ReceiverInfo, 'health'> {
    const { reconciler, receptions, environment, telemetry } = this.#parts;
    const { stream, streamIndex, id, name, sessionId, url, port, interfaces } = stored;
    const counters = telemetry.receiver(id);
    const problem = reconciler.problemOf(id) ?? receptions.problemOf(id);
    const now = environment.current();
    const planned = reconciler.plan?.receivers.find((each) => each.id === id);
    const timing = (planned?.timing ?? resolveTiming(stored, this.#parts.state.current.device.rate, now))
      .kind;
    const frames = counters['framesPerPacket'] || stream.framesPerPacket;
    const via = (leg: number): string => {
      const wanted = interfaces[leg] ?? interfaces[0] ?? '';
      return addressOf(now, wanted) ?? wanted;
    };
    return {
      id,
      name,
      ...(sessionId !== undefined && { sessionId }),
      ...(url !== undefined && { url }),
      stream: streamIndex,
      state: this.#runState(problem !== undefined, counters),
      ...(problem && { problem }),
      encoding: stream.encoding,
      codec: planned?.codec ?? stored.codec ?? stream.encoding,
      ...dsdOf(counters),
      rate: stream.rate,
      channels: stream.channels,
      ...(frames !== undefined && { framesPerPacket: frames }),
      legs:
        port === undefined
          ? stream.legs.map((leg, i) => ({ address: leg.address, port: leg.port, interface: via(i) }))
          : [{ address: via(0), port, interface: via(0) }],
      timing,
      linkOffsetMs: linkOffsetMs(stored, timing, now),
      map: stored.routes.map(([channel, input]) => [channel + 1, input + 1]),
      channelLabels: stream.channelLabels,
      counters,
    };
  }

  #sender(stored: StoredSender): SenderInfo {
    const { reconciler, environment, telemetry, state } = this.#parts;
    const { id, name, encoding, channels, packetTime, payloadType, legs, dscp, ttl, routes } = stored;
    const counters = telemetry.sender(id);
    const problem = reconciler.problemOf(id);
    const { rate } = state.current.device;
    const now = environment.current();
    return {
      id,
      name,
      state: this.#runState(problem !== undefined, counters),
      ...(problem && { problem }),
      encoding,
      ...dsdOf(counters),
      rate,
      channels,
      framesPerPacket: senderFramesPerPacket(packetTime, rate),
      payloadType,
      legs: legs.map(({ address, port, interface: via }) => ({
        address,
        port,
        interface: addressOf(now, via) ?? via,
      })),
      dscp,
      ttl,
      map: routes.map(([output, channel]) => [output + 1, channel + 1]),
      counters,
    };
  }

  #runState(failed: boolean, counters: Counters): RunState {
    if (failed) return 'failed';
    const last = counters['lastPacketLocalNs'] ?? 0;
    const isRecent = last > 0 && Number(process.hrtime.bigint()) - last < recentNs;
    return isRecent && this.#parts.engine.state === 'running' ? 'running' : 'waiting';
  }

  #engineHeldUpMs(): number {
    const { engine, telemetry } = this.#parts;
    return engine.state === 'running' ? Math.round((telemetry.engine()['heldUpNs'] ?? 0) / 1e6) : 0;
  }

  /** Share of a core since this was last asked, over a second at least, so that it does not jump. */
  #engineLoad(): number {
    const busyNs = this.#parts.telemetry.engine()['busyNs'] ?? 0;
    const at = Number(process.hrtime.bigint());
    const elapsed = at - this.#load.at;
    if (elapsed < recentNs) return this.#load.value;
    const value =
      this.#load.at === 0 ? 0 : Math.min(maxLoad, Math.max(0, (busyNs - this.#load.busyNs) / elapsed));
    this.#load = { at, busyNs, value };
    return value;
  }
}

/** What the engine found a stream to carry, if it is not PCM. */
function dsdOf(counters: Counters): { readonly dsd?: DsdInfo } {
  const rate = counters['dsdRate'] ?? 0;
  if (rate === 0) return {};
  return { dsd: { name: dsdName(rate), rate, as: counters['dsdWords'] === 1 ? 'dop' : 'pcm' } };
}

/** Where applications find the device: what `npm run build` makes, on a Mac what coreaudiod loads, from one folder only. */
function driverOf({ dist, region }: Paths): DriverInfo {
  const isMac = process.platform === 'darwin';
  const library = isMac
    ? '/Library/Audio/Plug-Ins/HAL/Tutti.driver'
    : join(dist, 'hal/libasound_module_pcm_tutti.so');
  return { kind: isMac ? 'Core Audio' : 'ALSA', isInstalled: existsSync(library), library, region };
}

export const ViewsToken = createToken<Views>('Views');
