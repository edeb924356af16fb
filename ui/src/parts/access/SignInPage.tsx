import { useState, type FormEvent } from 'react';
import type { Problem } from '@tutti/base';
import { Form } from 'react-aria-components';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { PasswordInput } from './PasswordInput.tsx';
import './access.css';

/** Instead of the workbench, for those who came without the token: audio and everything else stay as they are. */
export function SignInPage() {
  const { api } = useHost();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const password = new FormData(event.currentTarget).get('password');
    setBusy(true);
    setProblem(undefined);
    const reply = await api.signIn(typeof password === 'string' ? password : '');
    setBusy(false);
    if (reply.ok) location.reload();
    else setProblem(reply.error);
  };

  return (
    <main className="sign-in">
      <Form className="form" validationBehavior="aria" onSubmit={(event) => void submit(event)}>
        <h1>
          <Icon name="broadcast" /> Tutti
        </h1>
        <p className="quiet">{location.host}</p>
        <PasswordInput
          name="password"
          label={localize('access.password', 'Password')}
          autoComplete="current-password"
          autoFocus
        />
        {problem && <ProblemNotice problem={problem} alert />}
        <ActionButton kind="primary" type="submit" isPending={busy}>
          {localize('access.signIn', 'Sign in')}
        </ActionButton>
        <p className="quiet">
          {localize('access.signInHint', 'On the machine itself, “tutti open” signs in without a password.')}
        </p>
      </Form>
    </main>
  );
}
