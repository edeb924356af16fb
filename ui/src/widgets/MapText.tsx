import { localize } from '../localize/localize.ts';
import { mapText } from './words.ts';

/** A channel map; one too long for its column shows whole on hover. */
export function MapText({ map }: { readonly map: readonly (readonly [number, number])[] }) {
  if (map.length === 0) return <span className="quiet">{localize('map.none', 'no route')}</span>;
  const text = mapText(map);
  return (
    <div className="cell-map" title={text}>
      {text}
    </div>
  );
}
