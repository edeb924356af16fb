import { FaultText } from './FaultText.tsx';
import { countText } from './words.ts';

/** A count that should be zero: quiet when it is, with a mark when it is not. */
export function FaultCount({
  count,
  harmless = false,
}: {
  readonly count: number | undefined;
  readonly harmless?: boolean;
}) {
  if (count === undefined) return <span className="quiet">–</span>;
  if (count === 0) return <span className="quiet">0</span>;
  if (harmless) return <span>{countText(count)}</span>;
  return <FaultText>{countText(count)}</FaultText>;
}
