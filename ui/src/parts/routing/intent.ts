import type { Crossing, Face, PatchBay } from './patch-bay.ts';
import { clearing, proposeMove, type Proposal } from './proposal.ts';

/** A crosspoint by what stays the same while streams come and go. */
export interface NamedCrossing {
  readonly face: Face;
  readonly group: string;
  /** Of the stream, from 1. */
  readonly channel: number;
  /** Place of the device's channel on its axis. */
  readonly device: number;
}

/** What is meant by a proposal: places move when a stream comes or goes, so that it waits by names and is proposed anew. */
export interface Intent {
  readonly make: readonly NamedCrossing[];
  /** What is to go in any case, not what only makes room. */
  readonly clear: readonly NamedCrossing[];
}

export function intentOf(bay: PatchBay, { make, clear, replaced, impossible }: Proposal): Intent {
  return {
    make: [...make, ...impossible].map((each) => nameCrossing(bay, each)),
    clear: clear.filter((each) => !replaced.includes(each)).map((each) => nameCrossing(bay, each)),
  };
}

/** What is there of an intent, on the bay as it is now. */
export function proposeAnew(bay: PatchBay, { make, clear }: Intent): Proposal {
  return proposeMove(bay, findCrossings(bay, make), clearing(bay, findCrossings(bay, clear)).clear);
}

/** Whether something that was to be made has no place any more. */
export const isLacking = (bay: PatchBay, { make }: Intent): boolean =>
  findCrossings(bay, make).length < make.length;

export function nameCrossing(bay: PatchBay, { source, destination }: Crossing): NamedCrossing {
  const [stream, device, axis] =
    bay.face === 'receive' ? [source, destination, bay.sources] : [destination, source, bay.destinations];
  const channel = axis.channels[stream];
  return {
    face: bay.face,
    group: axis.groups[channel?.group ?? -1]?.id ?? '',
    channel: channel?.number ?? 0,
    device,
  };
}

/** Those that are on the bay, in their order. */
export function findCrossings(bay: PatchBay, named: readonly NamedCrossing[]): readonly Crossing[] {
  const axis = bay.face === 'receive' ? bay.sources : bay.destinations;
  const groups = new Map(axis.groups.map((each) => [each.id, each]));
  return named.flatMap(({ face, group: id, channel, device }) => {
    const group = groups.get(id);
    if (face !== bay.face || !group || channel > group.count) return [];
    const stream = group.first + channel - 1;
    return face === 'receive'
      ? { source: stream, destination: device }
      : { source: device, destination: stream };
  });
}
