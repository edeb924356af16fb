import { localize, localizeCount } from '../../localize/localize.ts';
import { cellState, stateOf, type Live } from './cell-states.ts';
import type { Line } from './lines.ts';
import type { Axis, Crossing, PatchBay } from './patch-bay.ts';
import { whyImpossible, type Proposal } from './proposal.ts';

/** A channel of a stream as a person names it: `3 “Kick” of Stage`, or of the device: `input 17`. */
export function channelName(bay: PatchBay, axis: Axis, place: number): string {
  const channel = axis.channels[place];
  const group = channel && axis.groups[channel.group];
  if (!channel || !group) return '';
  if (group.ref) {
    const label = channel.label === undefined ? '' : ` “${channel.label}”`;
    return localize('routing.channelOf', '{0}{1} of {2}', channel.number, label, group.title);
  }
  return bay.face === 'receive'
    ? localize('routing.input', 'input {0}', channel.number)
    : localize('routing.output', 'output {0}', channel.number);
}

/** `Input 17 ← 3 “Kick” of Stage`: destination, then source, as one reads a patch bay. */
export function crossingName(bay: PatchBay, { source, destination }: Crossing): string {
  const to = channelName(bay, bay.destinations, destination);
  return `${to.charAt(0).toUpperCase()}${to.slice(1)} ← ${channelName(bay, bay.sources, source)}`;
}

/** What is at a crossing of channels: its state, the reason if it is not good, and what patching it would replace. */
export function crossingStatus(bay: PatchBay, crossing: Crossing, live: Live): string {
  const present = bay.patchedTo.get(crossing.destination);
  if (present?.source === crossing.source) {
    switch (stateOf(bay, present, live)) {
      case cellState.pending:
        return localize('routing.pending', 'being changed');
      case cellState.trouble:
        return live.trouble.get(present.route.receiverId ?? present.route.senderId ?? '') ?? '';
      case cellState.silent:
        return bay.face === 'receive'
          ? localize('routing.silent', 'patched; packets come, digital silence')
          : localize('routing.silentOut', 'patched; digital silence: does an application play?');
      default:
        return bay.face === 'receive'
          ? localize('routing.receiving', 'receiving, with signal')
          : localize('routing.sending', 'sending, with signal');
    }
  }
  const why = whyImpossible(bay, crossing);
  if (why !== undefined) return localize('routing.impossible', 'impossible: {0}', why);
  if (present) {
    return localize(
      'routing.wouldReplace',
      'would replace {0}',
      channelName(bay, bay.sources, present.source),
    );
  }
  return localize('routing.possible', 'not patched');
}

/** The same for any cell; folded groups say how much of them is patched. */
export function cellReadout(
  bay: PatchBay,
  column: Line,
  row: Line,
  live: Live,
): { name: string; status: string } {
  if (!column.isFolded && !row.isFolded) {
    const crossing = { source: column.channel, destination: row.channel };
    return { name: crossingName(bay, crossing), status: crossingStatus(bay, crossing, live) };
  }
  const count = bay.patched.filter(
    ({ source, destination }) => isIn(column, source) && isIn(row, destination),
  ).length;
  return {
    name: `${lineName(bay, bay.destinations, row)} ← ${lineName(bay, bay.sources, column)}`,
    status:
      count === 0
        ? localize('routing.foldedNone', 'no routes')
        : localizeCount('routing.foldedCount', count, '1 route', '{0} routes'),
  };
}

/** What a proposal comes to: `Makes 8 routes, replaces 2`. */
export function proposalText({ make, clear, replaced, impossible }: Proposal): string {
  const cleared = clear.length - replaced.length;
  const parts = [
    make.length > 0 ? localizeCount('routing.makes', make.length, 'makes 1 route', 'makes {0} routes') : '',
    cleared > 0 ? localizeCount('routing.clears', cleared, 'clears 1 route', 'clears {0} routes') : '',
    replaced.length > 0
      ? localizeCount('routing.replaces', replaced.length, 'replaces 1 route', 'replaces {0} routes')
      : '',
    impossible.length > 0
      ? localizeCount('routing.leavesOut', impossible.length, 'leaves out 1', 'leaves out {0}')
      : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? localize('routing.nothing', 'nothing to do') : parts.join(', ');
}

export function lineName(bay: PatchBay, axis: Axis, line: Line): string {
  if (line.isFolded) return axis.groups[line.group]?.title ?? '';
  const name = channelName(bay, axis, line.channel);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const isIn = ({ channel, span }: Line, place: number): boolean => place >= channel && place < channel + span;
