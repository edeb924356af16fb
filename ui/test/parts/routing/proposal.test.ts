import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockFrom, clearing, diagonal, propose, toggle } from '../../../src/parts/routing/proposal.ts';
import { patchRequest } from '../../../src/parts/routing/patch-request.ts';
import { firstOf, sampleBay } from './sample-bay.ts';

const bay = sampleBay();
const avio = firstOf(bay, 'AVIO-USB-0a4f1c : 2');
const foh = firstOf(bay, 'FOH Matrix Out');

describe('a proposal', () => {
  it('makes a route where there is none, and clears the one that is there', () => {
    expect(toggle(bay, { source: foh, destination: 40 })).toMatchObject({
      make: [{ source: foh, destination: 40 }],
      clear: [],
    });
    expect(toggle(bay, { source: foh, destination: 16 })).toMatchObject({
      make: [],
      clear: [{ destination: 16 }],
      replaced: [],
    });
  });

  it('says before anything is done what it would replace', () => {
    const proposal = propose(bay, [{ source: avio, destination: 16 }]);
    expect(proposal.replaced.map(({ route }) => route)).toEqual([
      { receiverId: 'r2', channel: 1, input: 17 },
    ]);
    expect(proposal.clear).toEqual(proposal.replaced);
  });

  it('leaves alone what is there already', () => {
    expect(propose(bay, [{ source: foh, destination: 16 }])).toEqual({
      make: [],
      clear: [],
      replaced: [],
      impossible: [],
    });
  });

  it('says why what is impossible is', () => {
    const groups = bay.sources.groups.map((each, i) =>
      i === 0 ? { ...each, impossible: 'No codec.' } : each,
    );
    const broken = { ...bay, sources: { ...bay.sources, groups } };
    expect(propose(broken, [{ source: avio, destination: 50 }]).impossible).toEqual([
      { source: avio, destination: 50, why: 'No codec.' },
    ]);
  });

  it('clears every route of a range', () => {
    const range = Array.from({ length: 8 }, (_, i) => ({ source: foh + i, destination: 16 + i }));
    expect(clearing(bay, [...range, { source: avio, destination: 0 }]).clear).toHaveLength(8);
  });
});

describe('a block 1:1', () => {
  it('goes to the end of the stream', () => {
    expect(blockFrom(bay, { source: foh + 2, destination: 40 })).toHaveLength(6);
  });
  it('ends with the device', () => {
    expect(blockFrom(bay, { source: foh, destination: 125 })).toHaveLength(3);
  });
  it('goes to the end of the sender on the other face', () => {
    const send = sampleBay('send');
    expect(blockFrom(send, { source: 60, destination: firstOf(send, 'Talkback') })).toEqual([
      { source: 60, destination: 8 },
      { source: 61, destination: 9 },
    ]);
  });
  it('is the same from whichever corner it is dragged, and never leaves the axes', () => {
    const place = fc.record({
      source: fc.nat(bay.sources.channels.length - 1),
      destination: fc.nat(bay.destinations.channels.length - 1),
    });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const cells = diagonal(bay, a, b);
        expect(cells.length).toBeGreaterThan(0);
        for (const [i, { source, destination }] of cells.entries()) {
          expect(bay.sources.channels[source]).toBeDefined();
          expect(bay.destinations.channels[destination]).toBeDefined();
          if (i > 0) expect(source - (cells[i - 1]?.source ?? 0)).toBe(1);
        }
      }),
    );
  });
});

describe('the request of a proposal', () => {
  it('makes the receiver that a session does not have yet, with its map', () => {
    const request = patchRequest(bay, propose(bay, blockFrom(bay, { source: avio, destination: 16 })));
    expect(request.receive).toEqual([{ sessionId: 'avio', stream: 0, map: '1-2:17-18' }]);
    expect(request.clear).toEqual([
      { receiverId: 'r2', channel: 1, input: 17 },
      { receiverId: 'r2', channel: 2, input: 18 },
    ]);
    expect(request.set).toEqual([]);
  });

  it('sets routes of receivers and of senders', () => {
    expect(patchRequest(bay, toggle(bay, { source: foh, destination: 40 })).set).toEqual([
      { receiverId: 'r2', channel: 1, input: 41 },
    ]);
    const send = sampleBay('send');
    const talkback = firstOf(send, 'Talkback');
    expect(patchRequest(send, toggle(send, { source: 60, destination: talkback }))).toMatchObject({
      clear: [{ senderId: 's2', channel: 1, output: 9 }],
      set: [{ senderId: 's2', channel: 1, output: 61 }],
    });
  });
});
