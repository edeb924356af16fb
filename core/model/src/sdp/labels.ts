import { plainText, type SdpLine } from './lines.ts';
import type { ProblemList } from './problems.ts';

/**
 * Names of channels from `i=<n> channels: name, name` (Dante): under m= on older firmware, in the session part on newer.
 * Free text gives none.
 * @param channels of the stream; further names are dropped
 */
export function readChannelLabels(
  line: SdpLine | undefined,
  channels: number,
  problems: ProblemList,
): readonly string[] {
  const match = /^\s*(\d{1,4})\s+channels?\s*:(.*)$/i.exec(line?.value ?? '');
  if (!line || !match) return [];
  const labels = (match[2] ?? '').split(',').map(plainText);
  while (labels.at(-1) === '') labels.pop();
  if (Number(match[1]) !== channels) {
    const message = `i= speaks of ${match[1] ?? ''} channels, rtpmap of ${channels}; rtpmap counts.`;
    problems.warning('label-count', line, message);
  }
  return labels.slice(0, channels);
}
