import { Icon } from '../../widgets/Icon.tsx';
import { packetSize } from './packet-size.ts';

export function PacketSizeHint({ entry }: { readonly entry: Parameters<typeof packetSize>[0] }) {
  const { text, tooBig } = packetSize(entry);
  if (!tooBig) return text;
  return (
    <span className="fault tone-warn">
      <Icon name="warning" />
      {text}
    </span>
  );
}
