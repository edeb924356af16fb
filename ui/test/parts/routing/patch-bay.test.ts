import { describe, expect, it } from 'vitest';
import { patchBay } from '../../../src/parts/routing/patch-bay.ts';
import { assignColours, streamColours } from '../../../src/parts/routing/stream-colours.ts';
import { sampleState } from '../../stand-in/sample-state.ts';
import { firstOf, sampleBay } from './sample-bay.ts';

describe('the patch bay', () => {
  it('has streams that are announced or received across, by name, and device inputs down in sixteens', () => {
    const { sources, destinations } = sampleBay();
    expect(sources.groups.map(({ title, count }) => [title, count])).toEqual([
      ['AVIO-USB-0a4f1c : 2', 2],
      ['Commentary Unit 3', 4],
      ['FOH Matrix Out', 8],
      ['Stagebox Left 1-8', 8],
    ]);
    expect(destinations.groups).toHaveLength(8);
    expect(destinations.groups[1]).toMatchObject({ title: 'Inputs 17–32', first: 16, count: 16 });
  });

  it('knows which channel comes to an input', () => {
    const bay = sampleBay();
    expect(bay.patchedTo.get(16)).toMatchObject({
      source: firstOf(bay, 'FOH Matrix Out'),
      route: { receiverId: 'r2', channel: 1, input: 17 },
    });
    expect(bay.sources.channels[firstOf(bay, 'FOH Matrix Out')]?.label).toBe('Kick');
  });

  it('keeps a stream in its place when it gets a receiver', () => {
    const state = sampleState('');
    const before = patchBay('receive', { ...state, receivers: [] });
    const after = patchBay('receive', state);
    expect(after.sources.groups.map(({ id, colour }) => [id, colour])).toEqual(
      before.sources.groups.map(({ id, colour }) => [id, colour]),
    );
  });

  it('has device outputs across and senders down on the other face', () => {
    const bay = sampleBay('send');
    expect(bay.sources.channels).toHaveLength(128);
    expect(bay.destinations.groups.map(({ title }) => title)).toEqual(['Playback A', 'Talkback']);
    expect(bay.patchedTo.get(firstOf(bay, 'Talkback'))?.source).toBe(8);
  });

  it('says why nothing can be patched of a session that cannot be used', () => {
    const state = sampleState('');
    const problem = { severity: 'error', code: 'x', message: 'No rtpmap.', line: 1, column: 1 } as const;
    const sessions = state.sessions.map((each) =>
      each.id === 'avio' ? { ...each, problems: [problem] } : each,
    );
    const [avio] = patchBay('receive', { ...state, sessions: sessions as typeof state.sessions }).sources
      .groups;
    expect(avio?.impossible).toBe('No rtpmap.');
  });
});

describe('colours of streams', () => {
  it('differ between neighbours and stay with a stream', () => {
    const ids = Array.from({ length: 200 }, (_, i) => `session:${i}/0`);
    const colours = assignColours(ids);
    for (let i = 1; i < ids.length; i++) expect(colours[i]).not.toBe(colours[i - 1]);
    expect(Math.max(...colours)).toBeLessThan(streamColours);
    expect(assignColours(ids)).toEqual(colours);
  });
});
