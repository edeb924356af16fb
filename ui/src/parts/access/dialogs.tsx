import { useState } from 'react';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ConfirmDialog } from '../../widgets/ConfirmDialog.tsx';
import { FormDialog } from '../../widgets/FormDialog.tsx';
import { SelectInput } from '../../widgets/SelectInput.tsx';
import { TextInput } from '../../widgets/TextInput.tsx';
import { entered } from '../../widgets/form-values.ts';
import { PasswordInput } from './PasswordInput.tsx';

interface DialogProps {
  readonly onClose: () => void;
}

export function LockDialog({ onClose }: DialogProps) {
  const { api } = useHost();
  return (
    <FormDialog
      title={localize('access.lockTitle', 'Lock the show?')}
      submitLabel={localize('access.lock', 'Lock')}
      fields={['note']}
      submit={(form) => api.setLock(true, entered(form, 'note'))}
      onClose={onClose}
    >
      <p>
        {localize(
          'access.lockExplained',
          'Nobody can change anything, by page, command line or automation, until it is unlocked. Audio and meters go on.',
        )}
      </p>
      <TextInput
        name="note"
        label={localize('access.note', 'Note')}
        placeholder={localize('access.notePlaceholder', 'On air until 22:00')}
        hint={localize('access.noteHint', 'Shown to those who try.')}
        autoFocus
      />
    </FormDialog>
  );
}

export function UnlockDialog({ onClose }: DialogProps) {
  const { api } = useHost();
  return (
    <ConfirmDialog
      title={localize('access.unlockTitle', 'Unlock the show?')}
      confirmLabel={localize('access.unlock', 'Unlock')}
      confirm={() => api.setLock(false)}
      onClose={onClose}
    >
      <p>
        {localize('access.unlockExplained', 'Everybody who is signed in to do so can then change things.')}
      </p>
    </ConfirmDialog>
  );
}

export function PasswordDialog({ onClose }: DialogProps) {
  const { api } = useHost();
  const [role, setRole] = useState('viewer');
  const roles = [
    { id: 'viewer', text: localize('access.viewer', 'Viewer: sees everything, changes nothing') },
    { id: 'admin', text: localize('access.admin', 'Administrator: may do everything') },
  ];
  return (
    <FormDialog
      title={localize('access.setPassword', 'Set password')}
      submitLabel={localize('access.setPassword', 'Set password')}
      fields={['password', 'role']}
      submit={(form) => api.setPassword(role, String(form.get('password')))}
      onClose={onClose}
    >
      <SelectInput
        name="role"
        label={localize('access.role', 'Role')}
        choices={roles}
        value={role}
        onChange={setRole}
      />
      <PasswordInput
        name="password"
        label={localize('access.newPassword', 'New password')}
        hint={localize(
          'access.passwordHint',
          'At least 8 characters. Other machines can sign in once the setting remote.listen says where.',
        )}
        autoComplete="new-password"
        autoFocus
      />
    </FormDialog>
  );
}
