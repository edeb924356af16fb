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
    const { grandmaster, domain = 0, ptpVersion: version } = clock;
    return { kind: 'ptp', grandmaster, domain, traceable: false, ...(version !== undefined && { version }) };
  }
  const mac = via && toMac(via.mac);
  return mac === undefined ? undefined : { kind: 'localmac', mac };
}
