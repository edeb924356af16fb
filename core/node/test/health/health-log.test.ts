import { healthDomains, type HealthState, type ReceiverInfo } from '@tutti/common';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HealthLog } from '../../src/health/health-log.ts';
import { createSilentLog, type Log } from '../../src/platform/log.ts';

let lines: string[];
let state: HealthState | undefined;
let log: HealthLog;

beforeEach(() => {
  [lines, state] = [[], 'healthy'];
  const note = (code: string, message: string): void => void lines.push(`${code} ${message}`);
  const sink: Log = { ...createSilentLog(), info: note, warn: note };
  log = new HealthLog(() => (state === undefined ? [] : [receiver(state)]), sink);
});
afterEach(() => log.dispose());

function receiver(overall: HealthState): ReceiverInfo {
  const finding = { state: overall, message: 'Nothing comes.', evidence: '0' };
  const health = Object.fromEntries([...healthDomains, 'signal'].map((each) => [each, finding]));
  return { id: 'r1', name: 'Stage', health: { ...health, overall } } as unknown as ReceiverInfo;
}

function look(next: HealthState | undefined, times: number): void {
  state = next;
  for (let i = 0; i < times; ++i) log.look();
}

it('tells each change once, and nothing while it stays', () => {
  look('healthy', 5);
  look('unhealthy', 5);
  look('healthy', 5);
  expect(lines).toEqual([
    'receiver.healthy Stage: audio comes',
    'receiver.unhealthy Stage: Nothing comes.',
    'receiver.healthy Stage: audio comes',
  ]);
});

it('does not tell what was over at the next look', () => {
  look('healthy', 3);
  for (let i = 0; i < 4; ++i) {
    look('partiallyHealthy', 1);
    look('healthy', 1);
  }
  expect(lines).toHaveLength(1);
});

it('forgets a receiver that is gone', () => {
  look('healthy', 2);
  look(undefined, 1);
  look('healthy', 2);
  expect(lines).toHaveLength(2);
});
