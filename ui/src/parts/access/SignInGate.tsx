import { useEffect, useState, type ReactNode } from 'react';
import { useHost, useHostValue } from '../../api/host-context.ts';
import { SignInPage } from './SignInPage.tsx';

/**
 * Shows the workbench, or, to those whom the host does not know, the way in. Who was signed in and is not any more keeps what
 * was on the screen behind the notice that says so, until the page is loaded anew.
 */
export function SignInGate({ children }: { readonly children: ReactNode }) {
  const { api } = useHost();
  const { refused, state } = useHostValue((view) => view);
  const isUnknown = refused?.status === 401 && !state;
  const [hasPassword, setHasPassword] = useState(false);
  useEffect(() => {
    if (isUnknown) void api.signInInfo().then((reply) => setHasPassword(reply.ok && reply.value.password));
  }, [api, isUnknown]);
  return isUnknown && hasPassword ? <SignInPage /> : children;
}
