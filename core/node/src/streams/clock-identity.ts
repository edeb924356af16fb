import type { NetworkInterface } from '@tutti/api';
import type { EngineClockStatus } from '@tutti/common';
import { toMac, type ClockIdentity } from '@tutti/model';

/**
 * What our media clock follows, as one may write it in a description: a grandmaster if the clock has one, otherwise this
 * machine, named by the MAC address of the interface in question.
 */
export function clockIdentityOf(
  clock: EngineClockStatus | undefined,
  via: NetworkInterface | undefined,
): ClockIdentity | undefined {
  if (clock?.grandmaster !== undefined) {
    return { kind: 'ptp', grandmaster: clock.grandmaster, domain: clock.domain ?? 0, traceable: false };
  }
  const mac = via && toMac(via.mac);
  return mac === undefined ? undefined : { kind: 'localmac', mac };
}
