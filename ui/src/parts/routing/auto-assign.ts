import type { Crossing, PatchBay } from './patch-bay.ts';
import { whyImpossible } from './proposal.ts';

export interface AutoAssignment {
  readonly crossings: readonly Crossing[];
  /** Groups (places on the axis of streams) for which there was no room. */
  readonly left: readonly number[];
}

/** Streams of this many channels or more begin where a block of this many begins, so that a page of a mixer is one stream. */
const block = 8;

/**
 * Finds room for the channels of some streams that have no route: free device channels in one run, in order, at the start of a
 * block of eight where one is free. What is patched stays as it is.
 *
 * @param groups places on the axis of streams
 */
export function autoAssign(bay: PatchBay, groups: readonly number[]): AutoAssignment {
  const [streams, device] =
    bay.face === 'receive' ? [bay.sources, bay.destinations] : [bay.destinations, bay.sources];
  const taken = new Set(bay.patched.map((each) => (bay.face === 'receive' ? each.destination : each.source)));
  const routed = new Set(
    bay.patched.map((each) => (bay.face === 'receive' ? each.source : each.destination)),
  );
  const crossings: Crossing[] = [];
  const left: number[] = [];
  for (const index of groups) {
    const group = streams.groups[index];
    if (!group || group.impossible !== undefined) continue;
    const wanted = Array.from({ length: group.count }, (_, i) => group.first + i).filter(
      (i) => !routed.has(i),
    );
    if (wanted.length === 0) continue;
    const start = findRun(taken, wanted.length, device.channels.length);
    if (start === undefined) {
      left.push(index);
      continue;
    }
    for (const [i, channel] of wanted.entries()) {
      taken.add(start + i);
      const crossing =
        bay.face === 'receive'
          ? { source: channel, destination: start + i }
          : { source: start + i, destination: channel };
      if (whyImpossible(bay, crossing) === undefined) crossings.push(crossing);
    }
  }
  return { crossings, left };
}

/** Where `count` channels in a row are free; undefined if they are nowhere. */
function findRun(taken: ReadonlySet<number>, count: number, size: number): number | undefined {
  const starts = Array.from({ length: Math.max(0, size - count + 1) }, (_, i) => i);
  const aligned = count >= block ? starts.filter((start) => start % block === 0) : [];
  const isFree = (start: number): boolean =>
    !Array.from({ length: count }, (_, i) => start + i).some((i) => taken.has(i));
  return aligned.find(isFree) ?? starts.find(isFree);
}
