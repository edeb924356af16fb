import type { DiagnosedReceiver, DiagnosisResult } from '@tutti/api';

/** A packet's first sample waits for its last one, and then for the network: one packet time each, at least. */
const packetTimes = 2;

/** Whether a receiver waits long enough for its packets. */
export function checkLinkOffset({
  rate,
  framesPerPacket,
  linkOffsetMs,
}: Pick<DiagnosedReceiver, 'rate' | 'framesPerPacket' | 'linkOffsetMs'>): DiagnosisResult {
  if (framesPerPacket === undefined) {
    return { result: 'skipped', message: 'The packet time of the stream is not known.' };
  }
  const packetMs = (framesPerPacket / rate) * 1000;
  const wanted = packetMs * packetTimes;
  const facts = `The link offset is ${linkOffsetMs} ms, the packet time ${packetMs} ms`;
  if (linkOffsetMs >= wanted) return { result: 'ok', message: `${facts}.` };
  return {
    result: 'warning',
    message: `${facts}: packets may come too late.`,
    fix: `Set the receiver's link offset to ${wanted} ms or more.`,
  };
}
