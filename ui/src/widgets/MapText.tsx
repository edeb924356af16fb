import { rangesText } from './words.ts';

/** A channel map as a person reads it: `1–8 → 17–24`. */
export function MapText({ map }: { readonly map: readonly (readonly [number, number])[] }) {
  if (map.length === 0) return <span className="quiet">no route</span>;
  const from = rangesText(map.map(([first]) => first));
  const to = rangesText(map.map(([, second]) => second));
  return (
    <span>
      {from} → {to}
    </span>
  );
}
