import type { ReceiverInfo, SenderInfo } from '@tutti/common';

/** `L24/176400/2 DSD64`; with `to PCM` if what was found to be DSD is converted. */
export function formatText({ encoding, rate, channels, dsd }: ReceiverInfo | SenderInfo): string {
  const found = dsd === undefined ? '' : ` ${dsd.name}${dsd.as === 'pcm' ? ' to PCM' : ''}`;
  return `${encoding}/${rate}/${channels}${found}`;
}
