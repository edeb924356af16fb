import { cellState, stateOf, type CellState, type Live } from './cell-states.ts';
import type { Crossing, PatchBay, Patched } from './patch-bay.ts';
import { propose, proposeMove, type Proposal } from './proposal.ts';
import { channelName } from './readout.ts';

/** One channel of the device and what is on it. */
export interface ChannelSlot {
  /** From 0. */
  readonly place: number;
  /** Routes that use it: one at most for an input, any number for an output. */
  readonly routes: readonly Patched[];
  readonly colour?: number;
  readonly state: CellState;
  /** `3 “Kick” of Stage`; several of an output, with commas. */
  readonly what: string;
}

/** A stream that can be put onto slots. */
export interface SlotStream {
  /** Of its group. */
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly colour: number;
  readonly count: number;
  readonly routed: number;
  readonly impossible?: string;
}

export function channelSlots(bay: PatchBay, live: Live): readonly ChannelSlot[] {
  const { device, streams } = sides(bay);
  const byDevice = new Map<number, Patched[]>();
  for (const each of bay.patched) {
    const place = bay.face === 'receive' ? each.destination : each.source;
    byDevice.set(place, [...(byDevice.get(place) ?? []), each]);
  }
  return device.channels.map((_, place) => {
    const routes = byDevice.get(place) ?? [];
    const stream = (each: Patched): number => (bay.face === 'receive' ? each.source : each.destination);
    const [first] = routes;
    const colour = first && streams.groups[streams.channels[stream(first)]?.group ?? -1]?.colour;
    return {
      place,
      routes,
      ...(colour !== undefined && { colour }),
      state: routes.reduce<CellState>(
        (worst, each) => Math.max(worst, stateOf(bay, each, live)) as CellState,
        cellState.possible,
      ),
      what: routes.map((each) => channelName(bay, streams, stream(each))).join(', '),
    };
  });
}

export function slotStreams(bay: PatchBay): readonly SlotStream[] {
  const { streams } = sides(bay);
  const routed = new Set(
    bay.patched.map((each) => (bay.face === 'receive' ? each.source : each.destination)),
  );
  return streams.groups.map(({ id, title, detail, colour = 0, first, count, impossible }) => ({
    id,
    title,
    detail,
    colour,
    count,
    routed: Array.from({ length: count }, (_, i) => first + i).filter((i) => routed.has(i)).length,
    ...(impossible !== undefined && { impossible }),
  }));
}

/** All channels of a stream onto slots, in order, from one on. */
export function dropStream(bay: PatchBay, id: string, slot: number): Proposal {
  const { streams, device } = sides(bay);
  const { first = 0, count = 0 } = streams.groups.find((each) => each.id === id) ?? {};
  const fits = Math.min(count, device.channels.length - slot);
  return propose(
    bay,
    Array.from({ length: fits }, (_, i) => crossing(bay, first + i, slot + i)),
  );
}

/** What is on some slots moves so that the first of them comes to `to`. */
export function moveSlots(bay: PatchBay, slots: readonly number[], to: number): Proposal {
  const moved = new Set(slots);
  const from = Math.min(...slots);
  const routes = bay.patched.filter((each) =>
    moved.has(bay.face === 'receive' ? each.destination : each.source),
  );
  const wanted = routes
    .map((each) => {
      const [stream, slot] =
        bay.face === 'receive' ? [each.source, each.destination] : [each.destination, each.source];
      return crossing(bay, stream, slot - from + to);
    })
    .filter(
      (each) => (bay.face === 'receive' ? each.destination : each.source) < sides(bay).device.channels.length,
    );
  const goes = routes.filter(
    (route) => !wanted.some((each) => each.source === route.source && each.destination === route.destination),
  );
  return proposeMove(bay, wanted, goes);
}

const sides = (bay: PatchBay) =>
  bay.face === 'receive'
    ? { streams: bay.sources, device: bay.destinations }
    : { streams: bay.destinations, device: bay.sources };

const crossing = (bay: PatchBay, stream: number, device: number): Crossing =>
  bay.face === 'receive' ? { source: stream, destination: device } : { source: device, destination: stream };
