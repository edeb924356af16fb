import { localize } from '../../localize/localize.ts';
import type { DrawingContext } from '../../widgets/drawing-surface.ts';
import { fitLines, fitText } from './fit-text.ts';
import type { GridColours } from './grid-colours.ts';
import { groupRuns, markedFrom, type GridScene } from './grid-layout.ts';
import type { Axis } from './patch-bay.ts';
import { linesIn } from './track.ts';

type Context = DrawingContext;

/** The part of the grid that the window shows. */
export interface GridView {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

const capHeight = 11;

/** Everything that stands still until somebody scrolls, folds or patches: headers, lines, and what can never be patched. */
export function paintGround(context: Context, scene: GridScene, view: GridView, colours: GridColours): void {
  const { header } = scene.layout;
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, view.width, view.height);
  clipped(context, header.width, header.height, view.width, view.height, () =>
    paintBody(context, scene, view, colours),
  );
  context.fillStyle = colours.header;
  context.fillRect(0, 0, view.width, header.height);
  context.fillRect(0, 0, header.width, view.height);
  clipped(context, header.width, 0, view.width, header.height, () =>
    paintColumnHeaders(context, scene, view, colours),
  );
  clipped(context, 0, header.height, header.width, view.height, () =>
    paintRowHeaders(context, scene, view, colours),
  );
  context.fillStyle = colours.group;
  context.fillRect(header.width - 1, 0, 1, view.height);
  context.fillRect(0, header.height - 1, view.width, 1);
  paintCorner(context, scene, colours);
}

function paintBody(context: Context, scene: GridScene, view: GridView, colours: GridColours): void {
  const { columns, rows, header, cell } = scene.layout;
  const [firstColumn, endColumn] = linesIn(columns, view.left, view.width - header.width);
  const [firstRow, endRow] = linesIn(rows, view.top, view.height - header.height);
  const right = Math.min(view.width, header.width + columns.length - view.left);
  const bottom = Math.min(view.height, header.height + rows.length - view.top);
  context.fillStyle = colours.line;
  for (let i = firstColumn; i < endColumn; i++)
    context.fillRect(x(scene, view, i) + cell - 1, header.height, 1, bottom - header.height);
  for (let i = firstRow; i < endRow; i++)
    context.fillRect(header.width, y(scene, view, i) + cell - 1, right - header.width, 1);
  context.fillStyle = colours.group;
  for (const [, first] of groupRuns(scene.columns))
    if (first > 0) context.fillRect(x(scene, view, first) - 3, header.height, 1, bottom - header.height);
  for (const [, first] of groupRuns(scene.rows))
    if (first > 0) context.fillRect(header.width, y(scene, view, first) - 3, right - header.width, 1);
  paintImpossible(context, scene, view, colours);
}

/** Hatched: nothing can be patched in a stream that the page knows to be unusable. */
function paintImpossible(context: Context, scene: GridScene, view: GridView, colours: GridColours): void {
  const { header, cell } = scene.layout;
  context.strokeStyle = colours.group;
  context.lineWidth = 1;
  for (const [group, first, end] of groupRuns(scene.columns)) {
    if (scene.bay.sources.groups[group]?.impossible === undefined) continue;
    const [left, right] = [x(scene, view, first), x(scene, view, end - 1) + cell];
    clipped(context, left, header.height, right, view.height, () => {
      context.beginPath();
      const shift = (view.left + view.top) % 8;
      for (let at = left - view.height - shift; at < right; at += 8) {
        context.moveTo(at, view.height);
        context.lineTo(at + view.height, 0);
      }
      context.stroke();
    });
  }
}

function paintColumnHeaders(context: Context, scene: GridScene, view: GridView, colours: GridColours): void {
  const { header, band, cell, meter, metersAt } = scene.layout;
  const measure = (text: string): number => context.measureText(text).width;
  const labelEnd = header.height - 5 - (metersAt === 'columns' ? meter + 4 : 0);
  for (const [group, first, end] of groupRuns(scene.columns)) {
    const [left, right] = [x(scene, view, first), x(scene, view, end - 1) + cell];
    if (right < header.width || left > view.width) continue;
    const { title = '', colour, impossible } = scene.bay.sources.groups[group] ?? {};
    const isFolded = scene.columns.lines[first]?.isFolded === true;
    const [ground, ink] = bandColours(colours, colour, impossible !== undefined);
    context.fillStyle = ground;
    context.fillRect(left, 2, right - left - 1, band.columns - 3);
    // A group that is partly scrolled away keeps its title in sight.
    const [from, to] = [Math.max(left, header.width), Math.min(right, view.width)];
    context.fillStyle = ink;
    setFont(context, colours, 600);
    const width = to - from - 8;
    const text = `${isFolded ? '▸ ' : ''}${title}`;
    if (width >= 44) {
      context.textBaseline = 'top';
      const lines = fitLines(text, width, Math.floor((band.columns - 6) / 13), measure);
      for (const [i, line] of lines.entries()) context.fillText(line, from + 4, 6 + 13 * i);
    } else {
      upright(context, (left + right) / 2, band.columns - 5, () =>
        context.fillText(fitText(text, band.columns - 10, measure), 0, 0),
      );
    }
  }
  const [firstColumn, endColumn] = linesIn(scene.layout.columns, view.left, view.width - header.width);
  for (let i = firstColumn; i < endColumn; i++) {
    const line = scene.columns.lines[i];
    if (!line) continue;
    const text = lineText(scene.bay.sources, line.channel, line.span);
    context.fillStyle = colours.text;
    if (cell >= 11) {
      setFont(context, colours, 400, cell < markedFrom ? 10 : 11);
      upright(context, x(scene, view, i) + cell / 2, labelEnd, () =>
        context.fillText(fitText(text, labelEnd - band.columns - 6, measure), 0, 0),
      );
    } else if (isNumbered(scene.bay.sources, line.channel)) {
      setFont(context, colours, 400, 9);
      context.textBaseline = 'bottom';
      context.fillText(
        String(scene.bay.sources.channels[line.channel]?.number ?? ''),
        x(scene, view, i),
        labelEnd + 2,
      );
    }
  }
}

function paintRowHeaders(context: Context, scene: GridScene, view: GridView, colours: GridColours): void {
  const { header, band, cell, meter, metersAt } = scene.layout;
  const measure = (text: string): number => context.measureText(text).width;
  const labelEnd = header.width - 6 - (metersAt === 'rows' ? meter + 4 : 0);
  for (const [group, first, end] of groupRuns(scene.rows)) {
    const [top, bottom] = [y(scene, view, first), y(scene, view, end - 1) + cell];
    if (bottom < header.height || top > view.height) continue;
    const { title = '', colour, impossible } = scene.bay.destinations.groups[group] ?? {};
    const isFolded = scene.rows.lines[first]?.isFolded === true;
    const [ground, ink] = bandColours(colours, colour, impossible !== undefined);
    context.fillStyle = ground;
    context.fillRect(2, top, band.rows - 3, bottom - top - 1);
    context.fillStyle = ink;
    setFont(context, colours, 600);
    const [from, to] = [Math.max(top, header.height), Math.min(bottom, view.height)];
    if (!isFolded)
      upright(context, band.rows / 2, to - 4, () =>
        context.fillText(fitText(title, to - from - 8, measure), 0, 0),
      );
  }
  const [firstRow, endRow] = linesIn(scene.layout.rows, view.top, view.height - header.height);
  context.textBaseline = 'middle';
  for (let i = firstRow; i < endRow; i++) {
    const line = scene.rows.lines[i];
    if (!line) continue;
    const middle = y(scene, view, i) + cell / 2;
    const { destinations } = scene.bay;
    if (cell < 11) {
      if (!isNumbered(destinations, line.channel)) continue;
      setFont(context, colours, 400, 9);
      context.fillStyle = colours.text;
      context.fillText(String(destinations.channels[line.channel]?.number ?? ''), band.rows + 3, middle);
      continue;
    }
    setFont(context, colours, 400, cell < markedFrom ? 10 : 11);
    context.fillStyle = colours.text;
    if (line.isFolded) {
      const text = `▸ ${destinations.groups[line.group]?.title ?? ''}`;
      context.fillText(fitText(text, labelEnd - band.rows - 4, measure), band.rows + 4, middle);
      continue;
    }
    context.fillText(String(destinations.channels[line.channel]?.number ?? ''), band.rows + 4, middle);
    paintWhatComes(context, scene, line.channel, band.rows + 32, labelEnd, middle, colours);
  }
}

/** Beside a destination: which channel comes to it, with its stream's colour. */
function paintWhatComes(
  context: Context,
  { bay }: GridScene,
  destination: number,
  from: number,
  to: number,
  middle: number,
  colours: GridColours,
): void {
  const patched = bay.patchedTo.get(destination);
  const own = bay.destinations.channels[destination]?.label;
  const channel = patched && bay.sources.channels[patched.source];
  const group = channel && bay.sources.groups[channel.group];
  if (!channel || !group) {
    if (own !== undefined)
      context.fillText(
        fitText(own, to - from, (text) => context.measureText(text).width),
        from,
        middle,
      );
    return;
  }
  const stream =
    group.colour ?? bay.destinations.groups[bay.destinations.channels[destination]?.group ?? -1]?.colour;
  context.fillStyle = colours.streams[stream ?? 0] ?? colours.mark;
  context.fillRect(from, middle - 4, 3, 8);
  context.fillStyle = colours.quiet;
  const name = channel.label ?? (group.ref ? `${channel.number} ${group.title}` : `${channel.number}`);
  context.fillText(
    fitText(name, to - from - 7, (text) => context.measureText(text).width),
    from + 7,
    middle,
  );
}

function paintCorner(context: Context, { bay, layout }: GridScene, colours: GridColours): void {
  const { width, height } = layout.header;
  context.fillStyle = colours.header;
  context.fillRect(0, 0, width - 1, height - 1);
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, 0);
  context.lineTo(width, height);
  context.stroke();
  if (width < 80) return;
  setFont(context, colours, 400);
  context.fillStyle = colours.quiet;
  const [across, down] =
    bay.face === 'receive'
      ? [localize('routing.sessionsAcross', 'Sessions →'), localize('routing.inputsDown', 'Inputs ↓')]
      : [localize('routing.outputsAcross', 'Outputs →'), localize('routing.sendersDown', 'Senders ↓')];
  context.textBaseline = 'top';
  context.textAlign = 'right';
  context.fillText(across, width - 8, 8);
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillText(down, 8, height - 8);
}

function bandColours(
  colours: GridColours,
  stream: number | undefined,
  isImpossible: boolean,
): [string, string] {
  if (stream === undefined || isImpossible) return [colours.line, colours.text];
  return [colours.streams[stream] ?? colours.line, colours.onStream];
}

/** Of a channel of a stream, its number and label. */
function lineText(axis: Axis, channel: number, span: number): string {
  const { number = 0, label } = axis.channels[channel] ?? {};
  if (span > 1) return `${number}–${number + span - 1}`;
  return label === undefined ? String(number) : `${number} ${label}`;
}

/** Where there is no room for every number: the first of each eight. */
const isNumbered = (axis: Axis, channel: number): boolean =>
  ((axis.channels[channel]?.number ?? 0) - 1) % 8 === 0;

const x = ({ layout }: GridScene, view: GridView, line: number): number =>
  layout.header.width + (layout.columns.starts[line] ?? 0) - view.left;
const y = ({ layout }: GridScene, view: GridView, line: number): number =>
  layout.header.height + (layout.rows.starts[line] ?? 0) - view.top;

function setFont(context: Context, colours: GridColours, weight: number, size = capHeight): void {
  context.font = `${weight} ${size}px ${colours.font}`;
}

/** Text that reads upwards, from a point. */
function upright(context: Context, left: number, bottom: number, draw: () => void): void {
  context.save();
  context.translate(Math.round(left), Math.round(bottom));
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'middle';
  draw();
  context.restore();
}

function clipped(
  context: Context,
  left: number,
  top: number,
  right: number,
  bottom: number,
  draw: () => void,
): void {
  context.save();
  context.beginPath();
  context.rect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  context.clip();
  draw();
  context.restore();
}
