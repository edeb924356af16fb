import { createToken, DisposableStore, type Disposable } from '@tutti/base';
import type { ClockEvent, ClockReport, ClockSample, EngineClockStatus, EngineStatus } from '@tutti/common';
import type { EngineMonitor } from '../engine/engine-monitor.ts';
import type { Log } from '../platform/log.ts';
import { readClockReport } from './read-clock-report.ts';

/** The clock's present report and its past, since the host started. */
export interface ClockWatch {
  readonly report: ClockReport;
  readonly history: readonly ClockSample[];
  readonly events: readonly ClockEvent[];
}

export const ClockWatchToken = createToken<ClockWatch>('ClockWatch');

/** An hour, one a second. */
const mostSamples = 3600;
const mostEvents = 200;

/** {@link ClockWatch} that listens to the engine monitor. */
export class MonitoredClock implements ClockWatch, Disposable {
  readonly #log: Log;
  readonly #store = new DisposableStore();
  readonly #history: ClockSample[] = [];
  readonly #events: ClockEvent[] = [];
  #before: EngineClockStatus | undefined;
  #steps = 0;
  #reportText = '';
  #report: ClockReport = {};

  constructor(monitor: EngineMonitor, log: Log) {
    this.#log = log;
    this.#store.add(monitor.onDidRefresh((status) => this.#sample(status)));
    this.#store.add(monitor.onDidChangeClock((clock) => this.#compare(clock)));
  }

  get report(): ClockReport {
    return this.#report;
  }

  get history(): readonly ClockSample[] {
    return this.#history;
  }

  get events(): readonly ClockEvent[] {
    return this.#events;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #sample({ clock, clockReport }: EngineStatus): void {
    if (clockReport !== this.#reportText) {
      this.#reportText = clockReport;
      this.#report = readClockReport(clockReport);
    }
    const { offsetNs, pathDelayNs } = this.#report;
    this.#history.push({
      at: new Date().toISOString(),
      state: clock.state,
      ...(offsetNs !== undefined && { offsetNs }),
      ...(pathDelayNs !== undefined && { pathDelayNs }),
      ...(clock.errorNs !== undefined && { errorNs: clock.errorNs }),
    });
    if (this.#history.length > mostSamples) this.#history.shift();
    this.#compare(clock);
    this.#countSteps(clock.steps);
  }

  /** After a whole answer only: its report says by how much. */
  #countSteps(now: number): void {
    // A restarted engine counts from 0 again.
    const steps = now < this.#steps ? now : now - this.#steps;
    this.#steps = now;
    if (steps === 0) return;
    const by = this.#report.lastStepNs;
    const size = by === undefined || steps > 1 ? '' : ` by ${(by / 1e9).toFixed(6)} s`;
    const often = steps > 1 ? ` ${steps} times` : '';
    this.#note('step', `Media time stepped${often}${size}: streams began anew there.`);
  }

  #compare(clock: EngineClockStatus): void {
    if (clock.source === '') return; // an engine that has no plan yet
    const before = this.#before;
    this.#before = clock;
    if (before === undefined || before.source !== clock.source)
      this.#note('source', `The clock source is ${clock.source}.`);
    if (before?.state !== clock.state) this.#note('state', `The clock is ${stateWords[clock.state]}.`);
    if (before?.grandmaster !== clock.grandmaster || before?.domain !== clock.domain) {
      this.#note(
        'grandmaster',
        clock.grandmaster === undefined
          ? 'No grandmaster.'
          : `The grandmaster is ${clock.grandmaster} on domain ${clock.domain ?? 0}.`,
      );
    }
  }

  #note(kind: ClockEvent['kind'], message: string): void {
    this.#events.push({ at: new Date().toISOString(), kind, message });
    if (this.#events.length > mostEvents) this.#events.shift();
    this.#log[kind === 'step' ? 'warn' : 'info'](`clock.${kind}`, message);
  }
}

const stateWords: Readonly<Record<EngineClockStatus['state'], string>> = {
  freeRun: 'running free',
  listening: 'listening for a master',
  calibrating: 'calibrating',
  locked: 'locked',
  holdover: 'in holdover: it goes on at the rate it learned',
};
