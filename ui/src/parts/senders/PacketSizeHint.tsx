import { FaultText } from '../../widgets/FaultText.tsx';
import { packetSize } from './packet-size.ts';

export function PacketSizeHint({ entry }: { readonly entry: Parameters<typeof packetSize>[0] }) {
  const { text, tooBig } = packetSize(entry);
  return tooBig ? <FaultText>{text}</FaultText> : text;
}
