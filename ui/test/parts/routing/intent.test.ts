import { describe, expect, it } from 'vitest';
import { moveSlots } from '../../../src/parts/routing/channel-slots.ts';
import { intentOf, isLacking, proposeAnew } from '../../../src/parts/routing/intent.ts';
import { patchBay, type Face } from '../../../src/parts/routing/patch-bay.ts';
import { propose, toggle } from '../../../src/parts/routing/proposal.ts';
import { patchRequest } from '../../../src/parts/routing/patch-request.ts';
import { sampleState } from '../../stand-in/sample-state.ts';
import { firstOf, sampleBay } from './sample-bay.ts';

const bay = sampleBay();
const avio = firstOf(bay, 'AVIO-USB-0a4f1c : 2');
const foh = firstOf(bay, 'FOH Matrix Out');
const state = sampleState('');
const [stagebox] = state.sessions;
if (!stagebox) throw new Error('the sample has no session');
/** A stream before all others. */
const later = patchBay('receive', {
  ...state,
  sessions: [...state.sessions, { ...stagebox, id: 'alpha', name: 'AAA' }],
});

describe('what is meant by a proposal', () => {
  it('is the same streams where they are by now', () => {
    const proposal = propose(bay, [
      { source: avio, destination: 16 },
      { source: avio + 1, destination: 40 },
    ]);
    const anew = proposeAnew(later, intentOf(bay, proposal));
    expect(patchRequest(later, anew)).toEqual(patchRequest(bay, proposal));
    expect(anew.make.map(({ source }) => source)).toEqual([avio + 8, avio + 9]);
    expect(anew.replaced).toHaveLength(1);
  });

  it('is what it was, as long as nothing changes', () => {
    const proposals = (['receive', 'send'] as const).flatMap((face: Face) => {
      const of = sampleBay(face);
      return [toggle(of, { source: face === 'receive' ? foh : 8, destination: 8 }), moveSlots(of, [0, 1], 1)]
        .concat(moveSlots(of, [1, 2], 9))
        .map((proposal) => ({ of, proposal }));
    });
    for (const { of, proposal } of proposals)
      expect(proposeAnew(of, intentOf(of, proposal))).toEqual(proposal);
    expect(proposals.some(({ proposal }) => proposal.replaced.length > 0)).toBe(true);
    expect(proposals.some(({ proposal }) => proposal.clear.length > proposal.replaced.length)).toBe(true);
  });

  it('replaces what is in its way by now', () => {
    const intent = intentOf(bay, propose(bay, [{ source: avio, destination: 40 }]));
    const receivers = state.receivers.map((each) =>
      each.id === 'r1' ? { ...each, map: [...each.map, [1, 41] as const] } : each,
    );
    expect(proposeAnew(patchBay('receive', { ...state, receivers }), intent).replaced).toMatchObject([
      { route: { receiverId: 'r1', input: 41 } },
    ]);
  });

  it('is less when a stream is gone', () => {
    const intent = intentOf(
      bay,
      propose(bay, [
        { source: avio, destination: 40 },
        { source: foh, destination: 41 },
      ]),
    );
    const without = patchBay('receive', {
      ...state,
      sessions: state.sessions.filter(({ id }) => id !== 'avio'),
    });
    expect(isLacking(bay, intent)).toBe(false);
    expect(isLacking(without, intent)).toBe(true);
    expect(proposeAnew(without, intent).make).toHaveLength(1);
  });
});
