import { longHoldupMs, type ClockInfo, type ClockState, type StatusInfo } from '@tutti/common';
import { localize, localizeCount } from '../localize/localize.ts';
import type { Tone } from '../widgets/StateBadge.tsx';

export interface StatusItem {
  readonly tone: Tone;
  readonly icon: string;
  readonly text: string;
}

const clockStates: Readonly<Record<ClockState, StatusItem>> = {
  locked: { tone: 'ok', icon: 'lock', text: localize('clock.locked', 'locked') },
  holdover: { tone: 'warn', icon: 'warning', text: localize('clock.holdover', 'holdover') },
  calibrating: { tone: 'warn', icon: 'sync', text: localize('clock.calibrating', 'calibrating') },
  listening: { tone: 'warn', icon: 'search', text: localize('clock.listening', 'listening') },
  freeRun: { tone: 'warn', icon: 'unlock', text: localize('clock.freeRun', 'free run') },
};

/** `Clock locked · ptp · ±120 ns · 00-1D-C1-FF-FE-12-34-56 · domain 0`: what is at its end is cut where there is no room for all. */
export function clockItem(clock: ClockInfo): StatusItem {
  const { tone, icon, text } = clockStates[clock.state];
  const parts = [localize('clock.is', 'Clock {0}', text), clock.source];
  if (clock.errorNs !== undefined) parts.push(`±${nanosecondsText(clock.errorNs)}`);
  if (clock.steps > 0) parts.push(localizeCount('clock.stepCount', clock.steps, '{0} step', '{0} steps'));
  if (clock.grandmaster !== undefined) parts.push(clock.grandmaster);
  if (clock.domain !== undefined) parts.push(localize('clock.inDomain', 'domain {0}', clock.domain));
  return { tone, icon, text: parts.join(' · ') };
}

type EngineStatus = Pick<StatusInfo, 'engine' | 'engineLoad' | 'engineHeldUpMs'>;

export function engineItem({ engine, engineLoad, engineHeldUpMs }: EngineStatus): StatusItem {
  if (engine.state === 'down')
    return { tone: 'bad', icon: 'error', text: localize('engine.down', 'Engine down') };
  if (engine.state === 'starting')
    return { tone: 'warn', icon: 'sync', text: localize('engine.starting', 'Engine starting') };
  const percent = `${(100 * engineLoad).toFixed(engineLoad < 0.1 ? 1 : 0)} %`;
  const running = localize('engine.running', 'Engine running · load {0}', percent);
  if (engineHeldUpMs > longHoldupMs) {
    const heldUp = localize('engine.heldUp', 'held up for {0} ms', engineHeldUpMs);
    return { tone: 'warn', icon: 'warning', text: `${running} · ${heldUp}` };
  }
  const busy = engineLoad > 0.7;
  return { tone: busy ? 'warn' : 'ok', icon: busy ? 'warning' : 'pass-filled', text: running };
}

function nanosecondsText(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${Number((ns / 1000).toFixed(1))} µs`;
  return `${Number((ns / 1e6).toFixed(1))} ms`;
}
