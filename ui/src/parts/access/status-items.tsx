import { Button } from 'react-aria-components';
import { useHostValue } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { useWorkbench } from '../../workbench/workbench.ts';
import { useSignIn } from './use-role.ts';

/** The show lock: shut, it says so to everybody; open, it is where one shuts it. */
export function LockItem() {
  const workbench = useWorkbench();
  const isKnown = useHostValue(({ state }) => state !== undefined);
  const lock = useHostValue(({ state }) => state?.status.lock);
  if (!isKnown) return null;
  return (
    <li>
      <Button
        className="status-item"
        aria-description={localize('access.lockMeaning', 'While the show is locked, nothing can be changed.')}
        onPress={() => void workbench.run(lock ? 'access.unlock' : 'access.lock')}
      >
        {lock ? (
          <StateBadge
            tone="warn"
            icon="lock"
            text={
              lock.note === undefined
                ? localize('access.locked', 'Locked')
                : localize('access.lockedNote', 'Locked: {0}', lock.note)
            }
          />
        ) : (
          <StateBadge tone="quiet" icon="unlock" text={localize('access.unlocked', 'Unlocked')} />
        )}
      </Button>
    </li>
  );
}

export function RoleItem() {
  const signIn = useSignIn();
  if (signIn?.role !== 'viewer') return null;
  return (
    <li className="status-text">
      <StateBadge tone="quiet" icon="eye" text={localize('access.readOnly', 'Read only')} />
    </li>
  );
}
