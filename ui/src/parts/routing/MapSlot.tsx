import { memo } from 'react';
import { localize } from '../../localize/localize.ts';
import { cellState, type CellState } from './cell-states.ts';
import type { Face } from './patch-bay.ts';

const classes = ['free', 'pending', 'flowing', 'silent', 'trouble'] as const;

const words: Readonly<Record<CellState, () => string>> = {
  [cellState.possible]: () => localize('routing.slotFree', 'free'),
  [cellState.pending]: () => localize('routing.pending', 'being changed'),
  [cellState.flowing]: () => localize('routing.slotFlowing', 'with signal'),
  [cellState.silent]: () => localize('routing.slotSilent', 'silent'),
  [cellState.trouble]: () => localize('routing.legendTrouble', 'in trouble'),
};

/** One channel of the device. Drawn again only when it looks different: 128 of them stand beside the grid. */
export const MapSlot = memo(function MapSlot(props: {
  readonly face: Face;
  /** From 0. */
  readonly place: number;
  readonly what: string;
  readonly state: CellState;
  readonly colour: number | undefined;
  readonly isSelected: boolean;
  readonly isCursor: boolean;
  readonly isTarget: boolean;
}) {
  const { face, place, what, state, colour } = props;
  const name =
    face === 'receive'
      ? localize('routing.inputSlot', 'Input {0}', place + 1)
      : localize('routing.outputSlot', 'Output {0}', place + 1);
  const text = [name, what, words[state]()].filter((part) => part !== '').join(', ');
  return (
    <div
      role="option"
      data-slot={place}
      className={`map-slot ${classes[state]}${colour === undefined ? '' : ` stream-${colour}`}`}
      aria-selected={props.isSelected}
      aria-label={text}
      title={text}
      tabIndex={props.isCursor ? 0 : -1}
      draggable={what !== ''}
      data-drop-target={props.isTarget ? '' : undefined}
    >
      {place + 1}
    </div>
  );
});
