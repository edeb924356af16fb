import { useLayoutEffect, useState } from 'react';

/**
 * Whether a box is narrower than so many pixels. Nothing is drawn again as long as that does not change, and a box that is hidden stays
 * as it was.
 *
 * @returns the answer, and what the box is given as its `ref`.
 */
export function useNarrow(below: number): readonly [boolean, (box: HTMLElement | null) => void] {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const [isNarrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    if (!box) return undefined;
    const measure = (): void => {
      if (box.clientWidth > 0) setNarrow(box.clientWidth < below);
    };
    measure();
    const resize = new ResizeObserver(measure);
    resize.observe(box);
    return () => resize.disconnect();
  }, [box, below]);
  return [isNarrow, setBox];
}
