import { useEffect, useState } from 'react';
import type { SignInInfo } from '@tutti/common';
import { useHost, useHostValue } from '../../api/host-context.ts';

/** Who this page is for the host; undefined before it has said so. */
export function useSignIn(): SignInInfo | undefined {
  const { api } = useHost();
  const connection = useHostValue((view) => view.connection);
  const [info, setInfo] = useState<SignInInfo>();
  useEffect(() => {
    if (connection !== 'live') return;
    void api.signInInfo().then((reply) => {
      if (reply.ok) setInfo(reply.value);
    });
  }, [api, connection]);
  return info;
}
