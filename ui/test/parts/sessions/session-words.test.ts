import { describe, expect, it } from 'vitest';
import {
  addressText,
  lastSeen,
  matchesFilter,
  providersText,
  sessionState,
  streamText,
} from '../../../src/parts/sessions/session-words.ts';
import { sampleState } from '../../stand-in/sample-state.ts';

const sessions = sampleState('').sessions;
const named = (id: string) => {
  const session = sessions.find((candidate) => candidate.id === id);
  if (!session) throw new Error(`the sample has no ${id}`);
  return session;
};

describe('a session in words', () => {
  it('names every provider once', () => {
    expect(providersText(named('foh'))).toBe('SAP enp3s0, SAP enp4s0');
    const twice = named('avio').seenBy;
    expect(providersText({ ...named('avio'), seenBy: [...twice, ...twice] })).toBe('SAP enp3s0');
  });

  it('was last seen when the last of its providers saw it', () => {
    const seenBy = ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'].map((at) => ({
      provider: 'SAP',
      lastSeen: at,
    }));
    expect(lastSeen({ ...named('avio'), seenBy })).toBe('2026-01-02T00:00:00Z');
    expect(lastSeen({ ...named('avio'), seenBy: [] })).toBeUndefined();
  });

  it('shows the second leg', () => {
    const legs = named('foh').description.streams[0]?.legs ?? [];
    expect(addressText(legs)).toBe('239.69.1.20:5004 + 1 leg');
  });

  it('gives the format as an engineer says it', () => {
    const [stream] = named('stagebox').description.streams;
    expect(stream && streamText(stream)).toBe('L24 · 48 kHz · 8 ch · 1 ms');
  });

  it('is unusable when its SDP has an error, and gone when nobody announces it', () => {
    expect(sessionState(named('studio')).text).toBe('Gone');
    const problems = [{ severity: 'error', code: 'x', message: 'x', line: 1, column: 1 }] as const;
    expect(sessionState({ ...named('avio'), problems }).text).toBe('Unusable');
  });
});

describe('filtering sessions', () => {
  it.each(['', 'stage', 'STAGEBOX left', '239.69.1.10', 'rtsp 8 ch'])(
    'finds the stage box with “%s”',
    (filter) => {
      expect(matchesFilter(named('stagebox'), filter)).toBe(true);
    },
  );

  it('wants every word', () => {
    expect(matchesFilter(named('stagebox'), 'stagebox 96')).toBe(false);
  });
});
