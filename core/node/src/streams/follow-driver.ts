import { toProblem } from '@tutti/base';
import type { ShowLock } from '../access/show-lock.ts';
import type { Log } from '../platform/log.ts';
import type { Streams } from './streams.ts';

/**
 * A rate that somebody chose in a HAL driver's settings (Audio MIDI Setup) is a wish like any other. One that cannot be
 * met is logged; the driver goes back to the device's rate by itself.
 */
export async function followDriver(
  rate: number,
  streams: Streams,
  showLock: ShowLock,
  log: Log,
): Promise<void> {
  try {
    showLock.refuseIfLocked();
    await streams.setDevice({ rate });
  } catch (error) {
    log.warn('device.refused', `a HAL driver wants ${rate} Hz: ${toProblem(error).message}`);
  }
}
