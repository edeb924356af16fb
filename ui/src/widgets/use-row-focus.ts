import {
  useLayoutEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
} from 'react';

const controls = 'button:not(:disabled), a[href]';

/**
 * The keyboard in a grid whose rows have buttons: one tab stop, the arrows go from row to row and along the controls of one. The row that
 * has the tab stop must stay in the document.
 *
 * @param keys of all rows, in order.
 */
export function useRowFocus(
  keys: readonly string[],
  body: RefObject<HTMLElement | null>,
  reveal: (index: number) => void,
) {
  const [stop, setStop] = useState<{ readonly key: string; readonly index: number }>();
  /** The focus is to follow the tab stop once that is in the document. */
  const follows = useRef(false);
  const found = stop ? keys.indexOf(stop.key) : 0;
  // A row that is gone leaves the tab stop to the one that took its place.
  const current = found >= 0 ? found : Math.min(stop?.index ?? 0, keys.length - 1);

  const rowOf = (index: number): HTMLElement | null | undefined =>
    body.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);

  useLayoutEffect(() => {
    if (!follows.current) return;
    follows.current = false;
    rowOf(current)?.focus({ preventScroll: true });
  });

  const moveTo = (index: number): void => {
    const to = Math.max(0, Math.min(index, keys.length - 1));
    const key = keys[to];
    if (key === undefined) return;
    follows.current = true;
    setStop({ key, index: to });
    reveal(to);
  };

  const step = (by: 1 | -1): void => {
    const row = rowOf(current);
    if (!row) return;
    const stops = [row, ...row.querySelectorAll<HTMLElement>(controls)];
    const at = stops.findIndex((each) => each === document.activeElement);
    stops.at((at + by) % stops.length)?.focus({ preventScroll: true });
  };

  const onKeyDownCapture = (event: KeyboardEvent<HTMLElement>): void => {
    // What a button opens lies elsewhere in the document, not in the tree of components.
    const isInside = event.target instanceof Node && event.currentTarget.contains(event.target);
    if (!isInside || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const page = Math.max(1, (body.current?.querySelectorAll('[data-index]').length ?? 1) - 1);
    const act = {
      ArrowDown: () => moveTo(current + 1),
      ArrowUp: () => moveTo(current - 1),
      PageDown: () => moveTo(current + page),
      PageUp: () => moveTo(current - page),
      Home: () => moveTo(0),
      End: () => moveTo(keys.length - 1),
      ArrowRight: () => step(1),
      ArrowLeft: () => step(-1),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const onFocus = ({ target }: FocusEvent): void => {
    const index = Number(target.closest<HTMLElement>('[data-index]')?.dataset['index'] ?? NaN);
    const key = keys[index];
    if (key !== undefined && (key !== stop?.key || index !== stop.index)) setStop({ key, index });
  };

  return { current, onKeyDownCapture, onFocus };
}
