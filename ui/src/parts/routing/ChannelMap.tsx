import { memo, useEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { Icon } from '../../widgets/Icon.tsx';
import { rangesText } from '../../widgets/words.ts';
import type { Live } from './cell-states.ts';
import {
  channelSlots,
  dropStream,
  moveSlots,
  slotStreams,
  type ChannelSlot,
  type SlotStream,
} from './channel-slots.ts';
import { MapSlot } from './MapSlot.tsx';
import type { PatchBay } from './patch-bay.ts';
import { clearing, type Proposal } from './proposal.ts';

/** What is being moved: all channels of a stream, or what is on some slots. */
type Carried =
  | { readonly kind: 'stream'; readonly id: string }
  | { readonly kind: 'slots'; readonly slots: readonly number[] };

const perRow = 8;
const steps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowDown: perRow,
  ArrowUp: -perRow,
};

/**
 * The device's channels as slots in the colours of their streams. A stream is dropped onto the slot where its first channel is
 * to go; slots move onto others. By keyboard: Enter picks up, arrows choose, Enter drops, Escape leaves it.
 */
export const ChannelMap = memo(function ChannelMap(props: {
  readonly bay: PatchBay;
  readonly live: Live;
  readonly onGesture: (proposal: Proposal) => void;
}) {
  const { bay, live, onGesture } = props;
  const host = useHost();
  const slots = useMemo(() => channelSlots(bay, live), [bay, live]);
  const streams = useMemo(() => slotStreams(bay), [bay]);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [cursor, setCursor] = useState(0);
  const [target, setTarget] = useState<number>();
  const [carried, setCarried] = useState<Carried>();
  const anchor = useRef(0);
  const list = useRef<HTMLDivElement>(null);

  const pickUp = (next: Carried, what: string): void => {
    setCarried(next);
    host.announce(localize('routing.carrying', 'Carrying {0}. Choose a slot, Enter drops it there.', what));
  };

  const isGone = carried?.kind === 'stream' && !streams.some(({ id }) => id === carried.id);
  useEffect(() => {
    if (!isGone) return;
    setCarried(undefined);
    host.announce(localize('routing.carriedGone', 'The stream that was carried is gone.'));
  }, [isGone]);

  const drop = (to: number): void => {
    if (carried?.kind === 'stream') onGesture(dropStream(bay, carried.id, to));
    else if (carried) onGesture(moveSlots(bay, carried.slots, to));
    setCarried(undefined);
    setTarget(undefined);
  };

  const choose = (place: number, extend: boolean, add: boolean): void => {
    setCursor(place);
    if (!extend) anchor.current = place;
    const [from, to] = [Math.min(anchor.current, place), Math.max(anchor.current, place)];
    if (extend) setSelected(new Set(Array.from({ length: to - from + 1 }, (_, i) => from + i)));
    else if (add) setSelected(toggled(selected, place));
    else setSelected(new Set([place]));
    (list.current?.children[place] as HTMLElement | undefined)?.focus();
  };

  const grasp = (place: number): readonly number[] =>
    (selected.has(place) ? [...selected].sort((a, b) => a - b) : [place]).filter(
      (each) => slots[each]?.routes.length,
    );

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    const last = slots.length - 1;
    if (step !== undefined) choose(Math.min(last, Math.max(0, cursor + step)), event.shiftKey, false);
    else if (event.key === 'Home') choose(0, event.shiftKey, false);
    else if (event.key === 'End') choose(last, event.shiftKey, false);
    else if (event.key === ' ') choose(cursor, false, true);
    else if (event.key === 'Escape') setCarried(undefined);
    else if (event.key === 'Enter') {
      const places = grasp(cursor);
      if (carried) drop(cursor);
      else if (places.length > 0)
        pickUp({ kind: 'slots', slots: places }, rangesText(places.map((place) => place + 1)));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      onGesture(
        clearing(
          bay,
          [...selected].flatMap((place) => slots[place]?.routes ?? []),
        ),
      );
    } else return;
    event.preventDefault();
  };

  const onDragStart = (event: DragEvent, next: Carried): void => {
    // Firefox starts no drag without data.
    event.dataTransfer.setData('text/plain', JSON.stringify(next));
    event.dataTransfer.effectAllowed = 'copyMove';
    setCarried(next);
  };

  const slotAt = (event: { readonly target: EventTarget }): number | undefined => {
    const slot = event.target instanceof Element ? event.target.closest('[data-slot]') : null;
    return slot ? Number(slot.getAttribute('data-slot')) : undefined;
  };

  return (
    <aside className="channel-map" aria-label={localize('routing.showMap', 'Channel map')}>
      <h3>{localize('routing.mapStreams', 'Streams')}</h3>
      <ul
        className="map-streams"
        aria-label={localize('routing.mapStreamsLabel', 'Streams to drop onto slots')}
      >
        {streams.map(({ id, title, detail, colour, count, routed, impossible }) => (
          <li key={id}>
            <button
              type="button"
              className={`map-stream stream-${colour}`}
              title={impossible ?? `${title} · ${detail}`}
              disabled={impossible !== undefined}
              draggable={impossible === undefined}
              aria-pressed={carried?.kind === 'stream' && carried.id === id}
              onDragStart={(event) => onDragStart(event, { kind: 'stream', id })}
              onDragEnd={() => setCarried(undefined)}
              onClick={() => {
                pickUp({ kind: 'stream', id }, title);
                (list.current?.children[cursor] as HTMLElement | undefined)?.focus();
              }}
            >
              <Icon name="gripper" />
              <span className="map-stream-title">{title}</span>
              <span className="map-stream-count">
                {routed}/{count}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <h3>
        {bay.face === 'receive'
          ? localize('routing.mapInputs', 'Inputs')
          : localize('routing.mapOutputs', 'Outputs')}
      </h3>
      <div
        ref={list}
        className="map-slots"
        role="listbox"
        aria-multiselectable="true"
        aria-label={
          bay.face === 'receive'
            ? localize('routing.slotsIn', 'Input slots')
            : localize('routing.slotsOut', 'Output slots')
        }
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const place = slotAt(event);
          if (place === undefined) return;
          if (carried) drop(place);
          else choose(place, event.shiftKey, event.ctrlKey || event.metaKey);
        }}
        onDragStart={(event) => {
          const place = slotAt(event);
          if (place !== undefined) onDragStart(event, { kind: 'slots', slots: grasp(place) });
        }}
        onDragOver={(event) => {
          if (!carried) return;
          event.preventDefault();
          event.dataTransfer.dropEffect = carried.kind === 'stream' ? 'copy' : 'move';
          setTarget(slotAt(event));
        }}
        onDragEnd={() => {
          setCarried(undefined);
          setTarget(undefined);
        }}
        onDrop={(event) => {
          event.preventDefault();
          const place = slotAt(event);
          if (place !== undefined) drop(place);
        }}
      >
        {slots.map((slot) => (
          <MapSlot
            key={slot.place}
            face={bay.face}
            place={slot.place}
            what={slot.what}
            state={slot.state}
            colour={slot.colour}
            isSelected={selected.has(slot.place)}
            isCursor={cursor === slot.place}
            isTarget={isTarget(slot.place, target, carried, streams)}
          />
        ))}
      </div>
      <p className="map-hint">{hint(selected, slots, carried)}</p>
    </aside>
  );
});

/** Whether a slot would get something if what is carried were dropped now. */
function isTarget(
  place: number,
  target: number | undefined,
  carried: Carried | undefined,
  streams: readonly SlotStream[],
): boolean {
  if (target === undefined || !carried) return false;
  const size =
    carried.kind === 'stream'
      ? (streams.find(({ id }) => id === carried.id)?.count ?? 0)
      : carried.slots.length;
  return place >= target && place < target + size;
}

function hint(
  selected: ReadonlySet<number>,
  slots: readonly ChannelSlot[],
  carried: Carried | undefined,
): string {
  if (carried)
    return localize('routing.dropHint', 'Choose the slot where its first channel goes. Escape leaves it.');
  if (selected.size === 0)
    return localize(
      'routing.mapHint',
      'Drag a stream onto the slot of its first channel. Drag slots to move them; Delete clears.',
    );
  const places = [...selected];
  const [only] = places;
  const what = places.length === 1 && only !== undefined ? slots[only]?.what : '';
  return `${rangesText(places.map((place) => place + 1))}${what ? `: ${what}` : ''}`;
}

function toggled(selected: ReadonlySet<number>, place: number): ReadonlySet<number> {
  const next = new Set(selected);
  if (!next.delete(place)) next.add(place);
  return next;
}
