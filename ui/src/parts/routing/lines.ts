import type { Axis, PatchBay } from './patch-bay.ts';

/** A row or a column of the grid as it is shown: a channel, or a whole group that is folded. */
export interface Line {
  /** Place of its group on the axis. */
  readonly group: number;
  /** Place of its channel on the axis; of the group's first one if it is folded. */
  readonly channel: number;
  /** How many channels it stands for. */
  readonly span: number;
  readonly isFolded: boolean;
}

export interface LineFilter {
  readonly folded: ReadonlySet<string>;
  /** Channels to show, by place; absent: all. */
  readonly keep?: (channel: number) => boolean;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** Place among the lines of each channel of the axis; -1 if it is not shown. */
  readonly lineOf: Int32Array;
}

export function visibleLines(axis: Axis, { folded, keep = () => true }: LineFilter): Lines {
  const lines: Line[] = [];
  const lineOf = new Int32Array(axis.channels.length).fill(-1);
  for (const [group, { id, first, count }] of axis.groups.entries()) {
    const shown = Array.from({ length: count }, (_, i) => first + i).filter(keep);
    if (shown.length === 0) continue;
    if (folded.has(id)) {
      for (let i = first; i < first + count; i++) lineOf[i] = lines.length;
      lines.push({ group, channel: first, span: count, isFolded: true });
      continue;
    }
    for (const channel of shown) {
      lineOf[channel] = lines.length;
      lines.push({ group, channel, span: 1, isFolded: false });
    }
  }
  return { lines, lineOf };
}

/** What a person wants to see of each axis. */
export interface BayFilter {
  readonly folded: ReadonlySet<string>;
  /** Only channels that have a route. */
  readonly onlyUsed: boolean;
  /** Words that must all be in a stream's title, format or channel label. */
  readonly words: string;
}

/** Both axes filtered: words choose among streams, never among the device's own channels. */
export function filterBay(
  bay: PatchBay,
  { folded, onlyUsed, words }: BayFilter,
): { columns: Lines; rows: Lines } {
  const sources = new Set(bay.patched.map(({ source }) => source));
  const matches = (axis: Axis): ((channel: number) => boolean) => {
    const wanted = words
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    return (channel) => {
      const { group, label = '' } = axis.channels[channel] ?? { group: 0 };
      const { title = '', detail = '', ref } = axis.groups[group] ?? {};
      const text = `${title} ${detail} ${label}`.toLowerCase();
      return ref === undefined || wanted.every((word) => text.includes(word));
    };
  };
  const [inSources, inDestinations] = [matches(bay.sources), matches(bay.destinations)];
  return {
    columns: visibleLines(bay.sources, {
      folded,
      keep: (i) => inSources(i) && (!onlyUsed || sources.has(i)),
    }),
    rows: visibleLines(bay.destinations, {
      folded,
      keep: (i) => inDestinations(i) && (!onlyUsed || bay.patchedTo.has(i)),
    }),
  };
}
