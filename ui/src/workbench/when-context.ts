import type { WhenContext } from '@tutti/common';
import type { Host } from '../api/host.ts';
import type { Workbench } from './workbench.ts';

/** What `when` clauses of extensions are asked about, beside the thing a menu was opened on. docs/extensions/command.md lists it. */
export function whenContext(host: Pick<Host, 'getView'>, workbench: Workbench): WhenContext {
  const { connection, state } = host.getView();
  const { activity } = workbench.layout.get();
  if (!state) return { connection, activity };
  const { status, sessions, receivers, senders, extensions } = state;
  return {
    ...{ connection, activity, locked: status.lock !== undefined },
    ...{ clock: status.clock, device: status.device, engine: status.engine },
    count: { sessions: sessions.length, receivers: receivers.length, senders: senders.length },
    extensions: extensions.filter(({ state: is }) => is === 'active').map(({ id }) => id),
  };
}
