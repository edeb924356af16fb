import { Icon } from '../../widgets/Icon.tsx';

/** Below this there is no reserve left for a busy network, ms. */
const littleMs = 0.5;

/** Time that is left between arrival and playout. */
export function Margin({ ms }: { readonly ms: number | undefined }) {
  if (ms === undefined) return <span className="quiet">–</span>;
  const text = `${ms.toFixed(2).replace('-', '−')} ms`;
  if (ms >= littleMs) return <span>{text}</span>;
  return (
    <span className={`fault ${ms < 0 ? 'tone-bad' : 'tone-warn'}`}>
      <Icon name="warning" />
      {text}
    </span>
  );
}
