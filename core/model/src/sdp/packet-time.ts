import { framesPerPacket } from '../format.ts';
import { sdpLimits } from './limits.ts';
import { quote, readInteger } from './lines.ts';
import type { ProblemList } from './problems.ts';
import type { MediaSection, SdpAttribute } from './sections.ts';

/** Packet time as announced. */
export interface Packetization {
  readonly packetTime?: number;
  readonly framesPerPacket?: number;
}

/** Reads `a=ptime` and `a=framecount` (AES67-2018 s.8.1; RAVENNA). They are hints: packets themselves decide. */
export function readPacketization(media: MediaSection, rate: number, problems: ProblemList): Packetization {
  const packetTime = readPacketTime(media.attribute('ptime'), rate, problems);
  const fromTime = packetTime === undefined ? undefined : framesPerPacket(packetTime, rate);
  const count = readFrameCount(media.attribute('framecount'), problems);
  const frames = count ? chooseFrames(count, fromTime, problems) : fromTime;
  return {
    ...(packetTime === undefined ? {} : { packetTime }),
    ...(frames === undefined ? {} : { framesPerPacket: frames }),
  };
}

function readPacketTime(
  attribute: SdpAttribute | undefined,
  rate: number,
  problems: ProblemList,
): number | undefined {
  if (!attribute) return undefined;
  const text = attribute.value.trim();
  const time = /^\d{0,6}\.?\d{1,15}$/.test(text) ? Number(text) : 0;
  const frames = framesPerPacket(time, rate);
  const { min, max } = sdpLimits.framesPerPacket;
  if (time > 0 && frames >= min && frames <= max) return time;
  problems.warning('bad-ptime', attribute, `The packet time ${quote(text)} ms is not usable and is ignored.`);
  return undefined;
}

interface FrameCount {
  readonly attribute: SdpAttribute;
  readonly min: number;
  readonly max: number;
}

/** Reads `48` or, as one driver writes, `48-192`. */
function readFrameCount(attribute: SdpAttribute | undefined, problems: ProblemList): FrameCount | undefined {
  if (!attribute) return undefined;
  const [minText = '', maxText = minText, ...rest] = attribute.value.trim().split('-');
  const min = readInteger(minText, sdpLimits.framesPerPacket);
  const max = readInteger(maxText, sdpLimits.framesPerPacket);
  if (min !== undefined && max !== undefined && min <= max && rest.length === 0)
    return { attribute, min, max };
  const message = `framecount ${quote(attribute.value)} is not a number of frames from 1 to 1440 and is ignored.`;
  problems.warning('bad-framecount', attribute, message);
  return undefined;
}

function chooseFrames(
  { attribute, min, max }: FrameCount,
  fromTime: number | undefined,
  problems: ProblemList,
): number | undefined {
  if (fromTime === undefined) return min === max ? min : undefined;
  if (fromTime >= min && fromTime <= max) return fromTime;
  const message = `framecount says ${attribute.value.trim()} frames a packet, ptime says ${fromTime}.`;
  problems.warning('framecount-mismatch', attribute, message);
  return min === max ? min : fromTime;
}
