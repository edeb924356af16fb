import { useState } from 'react';
import { cellSizes, type CellSize } from './grid-layout.ts';
import type { Face } from './patch-bay.ts';

/** How a person looks at the grid; kept for the next visit. */
export interface GridSettings {
  readonly face: Face;
  /** Ids of groups. */
  readonly folded: ReadonlySet<string>;
  readonly onlyUsed: boolean;
  readonly words: string;
  readonly cell: CellSize;
  readonly showMap: boolean;
}

const initial: GridSettings = {
  face: 'receive',
  folded: new Set(),
  onlyUsed: false,
  words: '',
  cell: 16,
  showMap: true,
};

const storageKey = 'tutti.routing';
/** Sessions come and go: no more of the folded ones are remembered than this. */
const mostFolded = 500;

/** Reads what was stored; whatever is not as it must be is as at the first visit. */
export function readGridSettings(text: string | null): GridSettings {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '');
  } catch {
    return initial;
  }
  if (typeof stored !== 'object' || stored === null) return initial;
  const { face, folded, onlyUsed, cell, showMap } = stored as Readonly<Record<string, unknown>>;
  const ids = Array.isArray(folded) ? folded.filter((id): id is string => typeof id === 'string') : [];
  return {
    ...initial,
    face: face === 'send' ? 'send' : 'receive',
    folded: new Set(ids.slice(-mostFolded)),
    onlyUsed: onlyUsed === true,
    cell: cellSizes.find((size) => size === cell) ?? initial.cell,
    showMap: showMap !== false,
  };
}

export function useGridSettings(): readonly [GridSettings, (change: Partial<GridSettings>) => void] {
  const [settings, setSettings] = useState(() => readGridSettings(read()));
  const change = (changed: Partial<GridSettings>): void => {
    const next = { ...settings, ...changed };
    setSettings(next);
    write(JSON.stringify({ ...next, folded: [...next.folded], words: undefined }));
  };
  return [settings, change];
}

function read(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function write(text: string): void {
  try {
    localStorage.setItem(storageKey, text);
  } catch {
    // Private windows may refuse storage: the settings then last as long as the page.
  }
}
