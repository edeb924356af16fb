import type { Disposable } from '@tutti/base';
import { watchTheme } from '../../theme/theme.ts';
import { changedCells } from './cell-states.ts';
import { gridColours, type GridColours } from './grid-colours.ts';
import { placeAt, type GridPlace, type GridScene } from './grid-layout.ts';
import { LevelStrip } from './level-strip.ts';
import { paintCell } from './paint-cell.ts';
import { paintGround, type GridView } from './paint-ground.ts';
import { paintMarks, type CellPlace, type GridMarks } from './paint-marks.ts';
import {
  contextOf,
  surfaceOf,
  type DrawingContext,
  type DrawingSurface,
} from '../../widgets/drawing-surface.ts';
import { frameLoop } from '../../widgets/frame-loop.ts';
import { linesIn, scrollInto } from './track.ts';

/** The layers, from below, and what scrolls above them all. */
export interface GridElements {
  /** Headers, lines and states of crosspoints. Opaque: what lies below need not be drawn. */
  readonly picture: HTMLCanvasElement;
  readonly levels: HTMLCanvasElement;
  readonly marks: HTMLCanvasElement;
  readonly scroller: HTMLElement;
}

/**
 * Draws the grid in layers: the picture (headers, lines, states of crosspoints), levels, marks (pointer, range, preview). In a
 * frame only the layers that changed are painted, of the cells only those that changed; the levels are painted elsewhere, see
 * {@link LevelStrip}. Every layer that is there costs in every frame in which anything near it moves, so that the marks are hidden while
 * there are none. Nothing is drawn while nobody can see it.
 */
export class CrosspointView implements Disposable {
  readonly #elements: GridElements;
  readonly #strip: LevelStrip;
  readonly #stops: (() => void)[] = [];
  /** After the window onto the grid moved. */
  readonly #onDidMove: () => void;
  #scene: GridScene | undefined;
  #states: Uint8Array | undefined;
  /** States as they are painted; undefined: paint them all. */
  #painted: Uint8Array | undefined;
  #marks: GridMarks = {};
  #colours: GridColours | undefined;
  #view: GridView = { width: 0, height: 0, left: 0, top: 0 };
  #unit = 1;
  #stale = { ground: true, marks: true };
  #onScreen = true;
  /** Headers and lines, from which cells that change are restored. Not in the document. */
  readonly #ground = document.createElement('canvas');
  readonly #frames = frameLoop.add(() => this.#draw());

  constructor(elements: GridElements, onDidMove: () => void) {
    this.#elements = elements;
    this.#onDidMove = onDidMove;
    this.#strip = new LevelStrip(elements.levels);
    const { scroller } = elements;
    const resize = new ResizeObserver(() => this.#measure());
    resize.observe(scroller);
    const visible = new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1)?.isIntersecting ?? true;
      this.#wake();
    });
    visible.observe(scroller);
    const wake = (): void => this.#wake();
    const scrolled = (): void => this.#scrolled();
    document.addEventListener('visibilitychange', wake);
    scroller.addEventListener('scroll', scrolled, { passive: true });
    this.#stops.push(
      () => resize.disconnect(),
      () => visible.disconnect(),
      () => document.removeEventListener('visibilitychange', wake),
      () => scroller.removeEventListener('scroll', scrolled),
      watchTheme(() => {
        this.#colours = undefined;
        this.#strip.forgetColours();
        this.#layOutStrip();
        this.#everything();
      }),
    );
    this.#measure();
  }

  /** Shows another scene; the states of its cells come with it. */
  show(scene: GridScene, states: Uint8Array): void {
    this.#scene = scene;
    this.#states = states;
    this.#layOutStrip();
    this.#everything();
  }

  /** Shows other states of the same cells: only those that differ are painted. */
  set states(states: Uint8Array) {
    this.#states = states;
    this.#wake();
  }

  set marks(marks: GridMarks) {
    this.#marks = marks;
    this.#stale.marks = true;
    this.#wake();
  }

  /** What is at a place in the browser's window. */
  placeAt(clientX: number, clientY: number): GridPlace | undefined {
    const box = this.#elements.scroller.getBoundingClientRect();
    return (
      this.#scene && placeAt(this.#scene.layout, { x: clientX - box.left, y: clientY - box.top }, this.#view)
    );
  }

  /** Where a cell is, CSS pixels from the grid's corner; undefined while it is below a header or outside. */
  boxOf({ column, row }: CellPlace): { left: number; top: number; size: number } | undefined {
    if (!this.#scene) return undefined;
    const { header, columns, rows, cell } = this.#scene.layout;
    const left = header.width + (columns.starts[column] ?? 0) - this.#view.left;
    const top = header.height + (rows.starts[row] ?? 0) - this.#view.top;
    const isSeen =
      left >= header.width && top >= header.height && left < this.#view.width && top < this.#view.height;
    return isSeen ? { left, top, size: cell } : undefined;
  }

  reveal({ column, row }: CellPlace): void {
    if (!this.#scene) return;
    const { header, columns, rows } = this.#scene.layout;
    const { scroller } = this.#elements;
    const { left, top, width, height } = this.#view;
    scroller.scrollTo(
      scrollInto(columns, column, left, width - header.width),
      scrollInto(rows, row, top, height - header.height),
    );
    this.#scrolled();
  }

  dispose(): void {
    this.#frames.dispose();
    this.#strip.dispose();
    for (const stop of this.#stops.splice(0)) stop();
  }

  #measure(): void {
    const { scroller, picture, marks } = this.#elements;
    this.#unit = window.devicePixelRatio;
    const [width, height] = [scroller.clientWidth, scroller.clientHeight];
    for (const surface of [this.#ground, surfaceOf(picture), surfaceOf(marks)]) {
      surface.width = Math.max(1, Math.round(width * this.#unit));
      surface.height = Math.max(1, Math.round(height * this.#unit));
    }
    for (const { style } of [picture, marks]) {
      style.width = `${width}px`;
      style.height = `${height}px`;
    }
    this.#view = { width, height, left: scroller.scrollLeft, top: scroller.scrollTop };
    this.#layOutStrip();
    this.#everything();
    this.#onDidMove();
  }

  #scrolled(): void {
    const { scrollLeft: left, scrollTop: top } = this.#elements.scroller;
    if (left === this.#view.left && top === this.#view.top) return;
    this.#view = { ...this.#view, left, top };
    this.#layOutStrip();
    this.#everything();
    this.#onDidMove();
  }

  #layOutStrip(): void {
    if (this.#scene) this.#strip.layOut(this.#scene, this.#view, this.#unit);
  }

  #everything(): void {
    this.#stale = { ground: true, marks: true };
    this.#painted = undefined;
    this.#wake();
  }

  #wake(): void {
    if (this.#onScreen && !document.hidden) this.#frames.wake();
  }

  #draw(): boolean {
    const scene = this.#scene;
    if (!scene || document.hidden) return false;
    const colours = (this.#colours ??= gridColours(this.#elements.scroller));
    if (this.#stale.ground) {
      paintGround(this.#context(this.#ground), scene, this.#view, colours);
      this.#painted = undefined;
    }
    this.#drawCells(scene, colours);
    if (this.#stale.marks) this.#drawMarks(scene, colours);
    this.#stale = { ground: false, marks: false };
    return false;
  }

  #drawMarks(scene: GridScene, colours: GridColours): void {
    const { marks } = this.#elements;
    const isEmpty = Object.keys(this.#marks).length === 0;
    marks.style.visibility = isEmpty ? 'hidden' : 'visible';
    if (!isEmpty) paintMarks(this.#context(surfaceOf(marks), true), scene, this.#view, colours, this.#marks);
  }

  #drawCells(scene: GridScene, colours: GridColours): void {
    const states = this.#states;
    if (!states || states === this.#painted) return;
    const { header, columns, rows, cell } = scene.layout;
    const context = this.#context(surfaceOf(this.#elements.picture));
    const width = scene.columns.lines.length;
    const changed = changedCells(this.#painted, states);
    if (changed?.length === 0) {
      this.#painted = states;
      return;
    }
    if (!changed) this.#restore(context, 0, 0, this.#view.width, this.#view.height);
    context.save();
    context.beginPath();
    context.rect(header.width, header.height, this.#view.width, this.#view.height);
    context.clip();
    const paint = (column: number, row: number, isDirty: boolean): void => {
      const x = header.width + (columns.starts[column] ?? 0) - this.#view.left;
      const y = header.height + (rows.starts[row] ?? 0) - this.#view.top;
      if (isDirty) this.#restore(context, x, y, cell, cell);
      paintCell(
        context,
        states[row * width + column] ?? 0,
        x,
        y,
        cell,
        streamColour(scene, colours, column, row),
        colours,
      );
    };
    if (changed) for (const index of changed) paint(index % width, Math.floor(index / width), true);
    else {
      const [firstColumn, endColumn] = linesIn(columns, this.#view.left, this.#view.width - header.width);
      const [firstRow, endRow] = linesIn(rows, this.#view.top, this.#view.height - header.height);
      for (let row = firstRow; row < endRow; row++)
        for (let column = firstColumn; column < endColumn; column++) paint(column, row, false);
    }
    context.restore();
    this.#painted = states;
  }

  /** Lays the ground bare again. */
  #restore(context: DrawingContext, x: number, y: number, width: number, height: number): void {
    if (width <= 0 || height <= 0) return;
    const unit = this.#unit;
    context.drawImage(this.#ground, x * unit, y * unit, width * unit, height * unit, x, y, width, height);
  }

  #context(surface: DrawingSurface, alpha = false): DrawingContext {
    const context = contextOf(surface, alpha);
    context.setTransform(this.#unit, 0, 0, this.#unit, 0, 0);
    return context;
  }
}

/** Of the stream in whose column, or in whose row on the other face, a cell is. */
function streamColour(
  { bay, columns, rows }: GridScene,
  { streams }: GridColours,
  column: number,
  row: number,
): string {
  const source = bay.sources.groups[columns.lines[column]?.group ?? -1];
  const destination = bay.destinations.groups[rows.lines[row]?.group ?? -1];
  return streams[source?.colour ?? destination?.colour ?? 0] ?? '';
}
