import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { LockDialog, PasswordDialog, UnlockDialog } from './dialogs.tsx';
import { LockItem, RoleItem } from './status-items.tsx';

export const contributeAccess: Contribution = ({ register, workbench, host }) => {
  const category = localize('access.category', 'Access');
  const isLocked = (): boolean => host.getView().state?.status.lock !== undefined;
  register.command({
    id: 'access.lock',
    title: localize('access.lockShow', 'Lock the show…'),
    category,
    icon: 'lock',
    isEnabled: () => !isLocked(),
    run: () => workbench.openDialog((close) => <LockDialog onClose={close} />),
  });
  register.command({
    id: 'access.unlock',
    title: localize('access.unlockShow', 'Unlock the show…'),
    category,
    icon: 'unlock',
    isEnabled: isLocked,
    run: () => workbench.openDialog((close) => <UnlockDialog onClose={close} />),
  });
  register.command({
    id: 'access.setPassword',
    title: localize('access.setPasswordOf', 'Set a password…'),
    category,
    icon: 'key',
    run: () => workbench.openDialog((close) => <PasswordDialog onClose={close} />),
  });
  register.command({
    id: 'access.signOut',
    title: localize('access.signOut', 'Sign out'),
    category,
    icon: 'sign-out',
    run: async () => {
      await host.api.signOut();
      location.reload();
    },
  });
  register.statusItem({ id: 'role', side: 'right', order: 5, component: RoleItem });
  register.statusItem({ id: 'lock', side: 'left', order: 60, component: LockItem });
};
