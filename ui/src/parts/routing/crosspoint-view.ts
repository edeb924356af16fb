import type { Disposable } from '@tutti/base';
import { watchTheme } from '../../theme/theme.ts';
import type { Ballistics } from '../meters/ballistics.ts';
import { changedCells } from './cell-states.ts';
import { gridColours, type GridColours } from './grid-colours.ts';
import { placeAt, type GridPlace, type GridScene } from './grid-layout.ts';
import { LevelStrip } from './level-strip.ts';
import { paintCell } from './paint-cell.ts';
import { paintGround, type GridView } from './paint-ground.ts';
import { paintMarks, type CellPlace, type GridMarks } from './paint-marks.ts';
import { linesIn, scrollInto } from './track.ts';

/** The layers, from below, and what scrolls above them all. */
export interface GridElements {
  readonly ground: HTMLCanvasElement;
  readonly cells: HTMLCanvasElement;
  readonly levels: HTMLCanvasElement;
  readonly marks: HTMLCanvasElement;
  readonly scroller: HTMLElement;
}

/**
 * Draws the grid in layers: ground (headers and lines), cells (states of crosspoints), levels, marks (pointer, range, preview).
 * There is one loop of animation frames; in a frame only the layers that changed are painted, of the cells only those that
 * changed, of the levels only what moved. Nothing is drawn while nobody can see it.
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
  #levels: Ballistics | undefined;
  #colours: GridColours | undefined;
  #view: GridView = { width: 0, height: 0, left: 0, top: 0 };
  #unit = 1;
  #stale = { ground: true, marks: true };
  #onScreen = true;
  #frame: number | undefined;

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

  set levels(levels: Ballistics) {
    this.#levels = levels;
    this.#layOutStrip();
    this.#wake();
  }

  /** There are new levels. */
  levelsChanged(): void {
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
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    for (const stop of this.#stops.splice(0)) stop();
  }

  #measure(): void {
    const { scroller, ground, cells, marks } = this.#elements;
    this.#unit = window.devicePixelRatio;
    const [width, height] = [scroller.clientWidth, scroller.clientHeight];
    for (const canvas of [ground, cells, marks]) {
      canvas.width = Math.max(1, Math.round(width * this.#unit));
      canvas.height = Math.max(1, Math.round(height * this.#unit));
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
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
    if (this.#frame !== undefined || !this.#onScreen || document.hidden) return;
    this.#frame = requestAnimationFrame((time) => this.#draw(time));
  }

  #draw(time: number): void {
    this.#frame = undefined;
    const scene = this.#scene;
    if (!scene || document.hidden) return;
    const colours = (this.#colours ??= gridColours(this.#elements.scroller));
    if (this.#stale.ground) paintGround(this.#context('ground'), scene, this.#view, colours);
    this.#drawCells(scene, colours);
    if (this.#stale.marks) paintMarks(this.#context('marks'), scene, this.#view, colours, this.#marks);
    this.#stale = { ground: false, marks: false };
    if (!this.#levels) return;
    const moves = this.#levels.advance(time);
    this.#strip.paint(scene, this.#view, this.#unit, this.#levels);
    if (moves) this.#wake();
  }

  #drawCells(scene: GridScene, colours: GridColours): void {
    const states = this.#states;
    if (!states || states === this.#painted) return;
    const { header, columns, rows, cell } = scene.layout;
    const context = this.#context('cells');
    const width = scene.columns.lines.length;
    const changed = changedCells(this.#painted, states);
    if (changed?.length === 0) {
      this.#painted = states;
      return;
    }
    context.save();
    context.beginPath();
    context.rect(header.width, header.height, this.#view.width, this.#view.height);
    context.clip();
    const paint = (column: number, row: number, isDirty: boolean): void => {
      const x = header.width + (columns.starts[column] ?? 0) - this.#view.left;
      const y = header.height + (rows.starts[row] ?? 0) - this.#view.top;
      if (isDirty) context.clearRect(x, y, cell, cell);
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
      context.clearRect(0, 0, this.#view.width, this.#view.height);
      const [firstColumn, endColumn] = linesIn(columns, this.#view.left, this.#view.width - header.width);
      const [firstRow, endRow] = linesIn(rows, this.#view.top, this.#view.height - header.height);
      for (let row = firstRow; row < endRow; row++)
        for (let column = firstColumn; column < endColumn; column++) paint(column, row, false);
    }
    context.restore();
    this.#painted = states;
  }

  #context(layer: 'ground' | 'cells' | 'marks'): CanvasRenderingContext2D {
    const context = this.#elements[layer].getContext('2d', { alpha: layer !== 'ground' });
    if (!context) throw new Error('this browser has no canvas');
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
