import type { ClockInfo, ClockState, StatusInfo } from '@tutti/common';
import type { Tone } from '../widgets/StateBadge.tsx';

export interface StatusItem {
  readonly tone: Tone;
  readonly icon: string;
  readonly text: string;
}

const clockStates: Readonly<Record<ClockState, StatusItem>> = {
  locked: { tone: 'ok', icon: 'lock', text: 'locked' },
  holdover: { tone: 'warn', icon: 'warning', text: 'holdover' },
  calibrating: { tone: 'warn', icon: 'sync', text: 'calibrating' },
  listening: { tone: 'warn', icon: 'search', text: 'listening' },
  freeRun: { tone: 'warn', icon: 'unlock', text: 'free run' },
};

/** `Clock locked · ptp · 00-1D-C1-FF-FE-12-34-56 · domain 0 · ±120 ns`. */
export function clockItem(clock: ClockInfo): StatusItem {
  const { tone, icon, text } = clockStates[clock.state];
  const parts = [`Clock ${text}`, clock.source];
  if (clock.grandmaster !== undefined) parts.push(clock.grandmaster);
  if (clock.domain !== undefined) parts.push(`domain ${clock.domain}`);
  if (clock.errorNs !== undefined) parts.push(`±${nanosecondsText(clock.errorNs)}`);
  if (clock.steps > 0) parts.push(`${clock.steps} ${clock.steps === 1 ? 'step' : 'steps'}`);
  return { tone, icon, text: parts.join(' · ') };
}

export function engineItem({ engine, engineLoad }: Pick<StatusInfo, 'engine' | 'engineLoad'>): StatusItem {
  if (engine.state === 'down') return { tone: 'bad', icon: 'error', text: 'Engine down' };
  if (engine.state === 'starting') return { tone: 'warn', icon: 'sync', text: 'Engine starting' };
  const percent = `${Number((100 * engineLoad).toFixed(engineLoad < 0.1 ? 1 : 0))} %`;
  const busy = engineLoad > 0.7;
  return {
    tone: busy ? 'warn' : 'ok',
    icon: busy ? 'warning' : 'pass-filled',
    text: `Engine running · load ${percent}`,
  };
}

function nanosecondsText(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${Number((ns / 1000).toFixed(1))} µs`;
  return `${Number((ns / 1e6).toFixed(1))} ms`;
}
