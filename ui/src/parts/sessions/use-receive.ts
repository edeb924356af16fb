import type { AddReceiver, ApiProblem, ReceiverInfo } from '@tutti/common';
import type { Result } from '@tutti/base';
import { localize } from '../../localize/localize.ts';
import { useHost } from '../../api/host-context.ts';

/** Adds a receiver and shows it without waiting for the next delta. */
export function useReceive(): (wanted: AddReceiver) => Promise<Result<ReceiverInfo, ApiProblem>> {
  const host = useHost();
  return async (wanted) => {
    const result = await host.api.addReceiver(wanted);
    if (result.ok) {
      host.receiverAdded(result.value);
      host.announce(localize('sessions.receiving', 'Receiving {0}.', result.value.name));
    }
    return result;
  };
}
