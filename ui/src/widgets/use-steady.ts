import { useCallback, useEffect, useRef } from 'react';

/** A function that does what the last one given would do, and stays the same: what it is handed to need not be drawn again. */
export function useSteady<A extends readonly unknown[]>(act: (...args: A) => void): (...args: A) => void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  return useCallback((...args: A) => latest.current(...args), []);
}
