import { localize } from '../../localize/localize.ts';
import type { Crossing, PatchBay, Patched } from './patch-bay.ts';

/** What a gesture would do, known before it is done. */
export interface Proposal {
  readonly make: readonly Crossing[];
  /** Routes that go: those that were meant, and those that stand where new ones are to be. */
  readonly clear: readonly Patched[];
  /** Of {@link clear}, those that go only to make room. */
  readonly replaced: readonly Patched[];
  readonly impossible: readonly (Crossing & { readonly why: string })[];
}

export const nothing: Proposal = { make: [], clear: [], replaced: [], impossible: [] };

/** To make these crosspoints. Those that are there already are left as they are. */
export function propose(bay: PatchBay, wanted: readonly Crossing[]): Proposal {
  const make: Crossing[] = [];
  const replaced: Patched[] = [];
  const impossible: (Crossing & { why: string })[] = [];
  const used = new Set<number>();
  for (const crossing of wanted) {
    const why = whyImpossible(bay, crossing);
    if (why !== undefined) {
      impossible.push({ ...crossing, why });
      continue;
    }
    const present = bay.patchedTo.get(crossing.destination);
    if (used.has(crossing.destination) || present?.source === crossing.source) continue;
    used.add(crossing.destination);
    make.push(crossing);
    if (present) replaced.push(present);
  }
  return { make, clear: replaced, replaced, impossible };
}

/** To make crosspoints in the place of some routes, which go in any case. */
export function proposeMove(bay: PatchBay, wanted: readonly Crossing[], goes: readonly Patched[]): Proposal {
  const proposal = propose(bay, wanted);
  const replaced = proposal.replaced.filter((each) => !goes.includes(each));
  return { ...proposal, replaced, clear: [...goes, ...replaced] };
}

/** To make a crosspoint, or to clear it if it is there. */
export function toggle(bay: PatchBay, crossing: Crossing): Proposal {
  const present = bay.patchedTo.get(crossing.destination);
  if (present?.source !== crossing.source) return propose(bay, [crossing]);
  return { ...nothing, clear: [present] };
}

/** To clear every route of some crossings. */
export function clearing(bay: PatchBay, crossings: Iterable<Crossing>): Proposal {
  const clear = [...crossings].flatMap(({ source, destination }) => {
    const present = bay.patchedTo.get(destination);
    return present?.source === source ? [present] : [];
  });
  return { ...nothing, clear };
}

export const isEmpty = ({ make, clear, impossible }: Proposal): boolean =>
  make.length + clear.length + impossible.length === 0;

/** Why a crosspoint cannot be made at all; undefined if it can, as far as the page knows. */
export function whyImpossible(bay: PatchBay, { source, destination }: Crossing): string | undefined {
  const from = bay.sources.channels[source];
  const to = bay.destinations.channels[destination];
  if (!from || !to) return localize('routing.noChannel', 'There is no such channel.');
  return bay.sources.groups[from.group]?.impossible ?? bay.destinations.groups[to.group]?.impossible;
}

/**
 * Crossings of a block 1:1 from a corner on: down and to the right to the end of the stream, or of the device if that comes
 * first.
 */
export function blockFrom(bay: PatchBay, { source, destination }: Crossing): readonly Crossing[] {
  const streams = bay.face === 'receive' ? bay.sources : bay.destinations;
  const [place, device, others] =
    bay.face === 'receive'
      ? [source, destination, bay.destinations.channels.length]
      : [destination, source, bay.sources.channels.length];
  const group = streams.groups[streams.channels[place]?.group ?? -1];
  if (!group) return [];
  const count = Math.min(group.first + group.count - place, others - device);
  return Array.from({ length: count }, (_, i) => ({ source: source + i, destination: destination + i }));
}

/** Crossings 1:1 between two corners: as many as the longer side of the rectangle, within the axes. */
export function diagonal(bay: PatchBay, from: Crossing, to: Crossing): readonly Crossing[] {
  const steps = 1 + Math.max(Math.abs(to.source - from.source), Math.abs(to.destination - from.destination));
  const [across, down] = [to.source < from.source ? -1 : 1, to.destination < from.destination ? -1 : 1];
  // A drag up and to the right is the same block as one down and to the left: always in order, from the upper left on.
  const start = {
    source: across < 0 ? from.source - steps + 1 : from.source,
    destination: down < 0 ? from.destination - steps + 1 : from.destination,
  };
  return Array.from({ length: steps }, (_, i) => ({
    source: start.source + i,
    destination: start.destination + i,
  })).filter(
    ({ source, destination }) =>
      source >= 0 &&
      destination >= 0 &&
      source < bay.sources.channels.length &&
      destination < bay.destinations.channels.length,
  );
}
