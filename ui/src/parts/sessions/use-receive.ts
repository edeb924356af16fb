import type { AddReceiver, ApiProblem, ReceiverInfo } from '@tutti/common';
import type { Result } from '@tutti/base';
import { useHost } from '../../api/host-context.ts';

/** Adds a receiver and shows it without waiting for the next delta. */
export function useReceive(): (wanted: AddReceiver) => Promise<Result<ReceiverInfo, ApiProblem>> {
  const host = useHost();
  return async (wanted) => {
    const result = await host.api.addReceiver(wanted);
    if (result.ok) {
      host.receiverAdded(result.value);
      host.announce(`Receiving ${result.value.name}.`);
    }
    return result;
  };
}
