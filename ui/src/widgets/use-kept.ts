import { useEffect, useRef } from 'react';
import { keepUnchanged } from '../api/merge-state.ts';

/** The value of before as long as the new one says the same: what is drawn from it need not be drawn again. */
export function useKept<T>(value: T): T {
  const kept = useRef(value);
  const now = keepUnchanged(kept.current, value);
  useEffect(() => {
    kept.current = now;
  });
  return now;
}
