import {
  memo,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import { flushSync } from 'react-dom';
import { localize } from '../../localize/localize.ts';
import type { Live } from './cell-states.ts';
import { CrosspointView } from './crosspoint-view.ts';
import { followPlace } from './follow-place.ts';
import { gridAction, type GridAction } from './grid-keys.ts';
import { GridForReaders } from './GridForReaders.tsx';
import type { GridPlace, GridScene } from './grid-layout.ts';
import { blockOf, crossingOf, gestureProposal, rangeCrossings, rangeProposal } from './gestures.ts';
import type { CellPlace, GridMarks } from './paint-marks.ts';
import { clearing, toggle, type Proposal } from './proposal.ts';

export interface CrosspointGridProps {
  readonly label: string;
  readonly scene: GridScene;
  readonly states: Uint8Array;
  readonly live: Live;
  /** A preview that waits for an answer. */
  readonly preview: Proposal | undefined;
  /** A gesture is complete: do it, or ask first. */
  readonly onGesture: (proposal: Proposal) => void;
  /** The pointer or the keyboard is at a cell, or would do something; both undefined when it left. */
  readonly onPoint: (cell: CellPlace | undefined, proposal: Proposal | undefined) => void;
  readonly onFold: (axis: 'columns' | 'rows', group: number) => void;
  readonly onAction: (action: 'undo' | 'redo' | 'cancel' | 'apply') => void;
}

/** A cell, and the grid in which it was chosen. */
interface Chosen {
  readonly cell: CellPlace;
  readonly scene: GridScene;
}

interface Drag {
  readonly from: GridPlace;
  readonly block: boolean;
  /** Where the pointer was last. */
  to: GridPlace;
  moved: boolean;
}

/** The grid itself: layers of canvas to see, one real cell to focus and read, and the gestures of pointer and keyboard. */
export const CrosspointGrid = memo(function CrosspointGrid(props: CrosspointGridProps) {
  const { scene, states, live, preview } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const layers = useRef<HTMLDivElement>(null);
  const view = useRef<CrosspointView>(undefined);
  const drag = useRef<Drag>(undefined);
  const marks = useRef<GridMarks>({});
  const [cursor, setCursor] = useState<Chosen>({ cell: { column: 0, row: 0 }, scene });
  const [anchored, setAnchored] = useState<Chosen>();
  /** Bumped when the window onto the grid or the grid itself moved, so that the focused cell follows. */
  const [, setMoved] = useState(0);
  const shape = { columns: scene.columns.lines.length, rows: scene.rows.lines.length };
  // Both stay on their channels while the lines of others come and go.
  const at = useMemo(() => clampTo(followed(cursor, scene) ?? cursor.cell, shape), [cursor, scene]);
  const anchor = useMemo(() => anchored && followed(anchored, scene), [anchored, scene]);
  const setAnchor = (cell: CellPlace | undefined): void => setAnchored(cell && { cell, scene });

  const shown = useRef<GridScene>(undefined);
  useLayoutEffect(() => {
    const canvases = layers.current?.querySelectorAll('canvas') ?? [];
    const [picture, levelStrip, marksLayer] = canvases;
    if (!scroller.current || !picture || !levelStrip || !marksLayer) return undefined;
    const created = new CrosspointView(
      { picture, levels: levelStrip, marks: marksLayer, scroller: scroller.current },
      () => setMoved((count) => count + 1),
    );
    view.current = created;
    return () => {
      // A part that was hidden and is shown again has a new view, which knows no scene.
      shown.current = undefined;
      created.dispose();
    };
  }, []);

  useLayoutEffect(() => {
    if (!view.current) return;
    if (shown.current === scene) view.current.states = states;
    else {
      if (shown.current) dropMovedDrag(shown.current);
      view.current.show(scene, states);
      // Only now it is known where the focused cell is.
      setMoved((count) => count + 1);
    }
    shown.current = scene;
  }, [scene, states]);

  const mark = (change: Partial<GridMarks> & { clear?: readonly (keyof GridMarks)[] }): void => {
    const { clear = [], ...rest } = change;
    const next = Object.fromEntries(
      Object.entries({ ...marks.current, ...rest }).filter(
        ([key]) => !clear.includes(key as keyof GridMarks),
      ),
    );
    marks.current = next;
    if (view.current) view.current.marks = next;
  };
  /** Whoever drags over lines that move under the pointer meant what was there before. */
  const dropMovedDrag = (before: GridScene): void => {
    const started = drag.current;
    const isStill = (place: GridPlace): boolean => {
      const now = followPlace(place, before, scene);
      return now !== undefined && samePlace(now, place);
    };
    if (!started || (isStill(started.from) && isStill(started.to))) return;
    drag.current = undefined;
    mark({ clear: ['proposal'] });
  };

  useEffect(() => {
    mark(preview ? { proposal: preview } : { clear: ['proposal'] });
  }, [preview]);
  useEffect(() => {
    mark(anchor ? { range: [anchor, at] } : { clear: ['range'] });
  }, [anchor, at.column, at.row]);

  const moveTo = (to: CellPlace, extending: boolean): void => {
    setAnchor(extending ? (anchor ?? at) : undefined);
    setCursor({ cell: to, scene });
    view.current?.reveal(to);
    props.onPoint(to, undefined);
  };

  const proposalAt = (cell: CellPlace, block: boolean): Proposal | undefined => {
    const range = anchor && rangeProposal(scene, anchor, at);
    if (range) return range;
    const crossing = crossingOf(scene, cell);
    if (block) return blockOf(scene, cell);
    return crossing && toggle(scene.bay, crossing);
  };

  const unfold = (cell: CellPlace): void => {
    const [column, row] = [scene.columns.lines[cell.column], scene.rows.lines[cell.row]];
    if (column?.isFolded) props.onFold('columns', column.group);
    if (row?.isFolded) props.onFold('rows', row.group);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const action = gridAction(event, at, {
      ...shape,
      groupStep: (axis, line, step) => groupStep(scene, axis, line, step),
    });
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    act(action);
  };

  const act = (action: GridAction): void => {
    switch (action.kind) {
      case 'move':
        moveTo(action.to, action.extends);
        break;
      case 'toggle':
      case 'block': {
        const proposal = proposalAt(at, action.kind === 'block');
        if (proposal) props.onGesture(proposal);
        else unfold(at);
        break;
      }
      case 'clear':
        props.onGesture(clearing(scene.bay, rangeCrossings(scene, anchor ?? at, at)));
        break;
      case 'fold': {
        const line = (action.axis === 'columns' ? scene.columns : scene.rows).lines[
          action.axis === 'columns' ? at.column : at.row
        ];
        if (line && line.isFolded !== action.fold) props.onFold(action.axis, line.group);
        break;
      }
      case 'apply':
        if (preview) props.onAction('apply');
        else act({ kind: 'toggle' });
        break;
      case 'cancel':
        setAnchor(undefined);
        props.onAction('cancel');
        break;
      default:
        props.onAction(action.kind);
    }
  };

  const placeOf = (event: PointerEvent): GridPlace | undefined => {
    const box = scroller.current;
    if (!box) return undefined;
    const { left, top } = box.getBoundingClientRect();
    const isOnBar = event.clientX - left > box.clientWidth || event.clientY - top > box.clientHeight;
    return isOnBar ? undefined : view.current?.placeAt(event.clientX, event.clientY);
  };

  const onPointerDown = (event: PointerEvent): void => {
    const place = placeOf(event);
    if (event.button !== 0 || !place) return;
    event.preventDefault(); // the focus goes to the cell, below
    drag.current = { from: place, to: place, block: event.ctrlKey || event.metaKey, moved: false };
    scroller.current?.setPointerCapture(event.pointerId);
    if (place.region !== 'cell') return;
    flushSync(() => {
      setAnchor(event.shiftKey ? (anchor ?? at) : undefined);
      setCursor({ cell: place, scene });
    });
    focusCell(layers.current);
  };

  const onPointerMove = (event: PointerEvent): void => {
    const place = placeOf(event);
    const cell = place?.region === 'cell' ? place : undefined;
    mark(cell ? { hover: cell } : { clear: ['hover'] });
    const started = drag.current;
    if (!started) {
      const isBlock = event.ctrlKey || event.metaKey;
      const would = cell && !preview && isBlock ? blockOf(scene, cell) : undefined;
      if (!preview) mark(would ? { proposal: would } : { clear: ['proposal'] });
      props.onPoint(cell, would);
      return;
    }
    if (!place || (!started.moved && samePlace(place, started.from))) return;
    started.moved = true;
    started.to = place;
    const proposal = gestureProposal(scene, started.from, place);
    mark(proposal ? { proposal } : { clear: ['proposal'] });
    props.onPoint(cell, proposal);
  };

  const onPointerUp = (event: PointerEvent): void => {
    const started = drag.current;
    drag.current = undefined;
    if (!started) return;
    if (!preview) mark({ clear: ['proposal'] });
    const place = placeOf(event);
    if (started.moved) {
      const proposal = place && gestureProposal(scene, started.from, place);
      if (proposal) props.onGesture(proposal);
    } else if (started.from.region === 'cell') {
      if (event.shiftKey) return;
      const proposal = proposalAt(started.from, started.block);
      if (proposal) props.onGesture(proposal);
      else unfold(started.from);
    } else if (started.from.region === 'columnGroup' || started.from.region === 'columnHeader') {
      const line = scene.columns.lines[started.from.column];
      if (line) props.onFold('columns', line.group);
    } else if (started.from.region === 'rowGroup' || started.from.region === 'rowHeader') {
      const line = scene.rows.lines[started.from.row];
      if (line) props.onFold('rows', line.group);
    }
  };

  const leave = (): void => {
    if (drag.current) return;
    mark({ clear: preview ? ['hover'] : ['hover', 'proposal'] });
    props.onPoint(undefined, undefined);
  };

  const { header, columns, rows } = scene.layout;
  return (
    <div
      className="crosspoint-scroller"
      ref={scroller}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerLeave={leave}
      onPointerCancel={() => {
        drag.current = undefined;
        leave();
      }}
    >
      <div className="crosspoint-content">
        <div className="crosspoint-layers" ref={layers} aria-hidden={shape.columns * shape.rows === 0}>
          <canvas aria-hidden="true" />
          <canvas aria-hidden="true" className="crosspoint-levels" />
          <canvas aria-hidden="true" />
          <GridForReaders
            label={props.label}
            scene={scene}
            live={live}
            cursor={at}
            range={anchor && [anchor, at]}
            boxOf={(cell) => view.current?.boxOf(cell)}
            onKeyDown={onKeyDown}
            onFocus={() => props.onPoint(at, undefined)}
          />
        </div>
        <div
          className="crosspoint-extent"
          style={{ width: header.width + columns.length, height: header.height + rows.length }}
        />
      </div>
      {shape.columns * shape.rows === 0 && (
        <p className="crosspoint-empty">{localize('routing.empty', 'Nothing to patch with this filter.')}</p>
      )}
    </div>
  );
});

/** At once: a key that is pressed right after the click is meant for the cell, however late the next frame is. */
function focusCell(layers: HTMLElement | null): void {
  layers?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus({ preventScroll: true });
}

function groupStep(scene: GridScene, axis: 'columns' | 'rows', line: number, step: 1 | -1): number {
  const { lines } = scene[axis];
  const starts = lines.flatMap((each, i) => (i === 0 || lines[i - 1]?.group !== each.group ? [i] : []));
  return (step > 0 ? starts.find((start) => start > line) : starts.findLast((start) => start < line)) ?? line;
}

const followed = ({ cell, scene }: Chosen, now: GridScene): CellPlace | undefined =>
  followPlace(cell, scene, now);

const clampTo = ({ column, row }: CellPlace, shape: { columns: number; rows: number }): CellPlace => ({
  column: Math.max(0, Math.min(column, shape.columns - 1)),
  row: Math.max(0, Math.min(row, shape.rows - 1)),
});

const samePlace = (a: GridPlace, b: GridPlace): boolean => JSON.stringify(a) === JSON.stringify(b);
