import { streamColours } from './stream-colours.ts';

export interface GridColours {
  readonly ground: string;
  readonly header: string;
  readonly line: string;
  readonly group: string;
  readonly text: string;
  readonly quiet: string;
  readonly bad: string;
  readonly cross: string;
  readonly mark: string;
  readonly streams: readonly string[];
  readonly onStream: string;
  readonly font: string;
}

/** Colours of the theme in force, from the registered properties of stream-colours.css. */
export function gridColours(element: HTMLElement): GridColours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`);
  return {
    ground: colour('grid-ground'),
    header: colour('grid-header'),
    line: colour('grid-line'),
    group: colour('grid-group'),
    text: colour('grid-text'),
    quiet: colour('grid-quiet'),
    bad: colour('grid-bad'),
    cross: colour('grid-cross'),
    mark: colour('grid-mark'),
    streams: Array.from({ length: streamColours }, (_, i) => colour(`stream-${i}`)),
    onStream: colour('stream-text'),
    font: style.fontFamily,
  };
}
