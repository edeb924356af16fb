import type { AccessInfo, AccessRole, SignInInfo } from '@tutti/common';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../access/access.ts';
import { passwordLength, type Passwords } from '../access/passwords.ts';
import type { ShowLock } from '../access/show-lock.ts';
import type { SignIns } from '../access/sign-ins.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whoever asks is answered, signed in or not. */
    readonly open?: boolean;
    /** It changes nothing, although its method says so: a viewer may do it, locked or not. */
    readonly harmless?: boolean;
    /** It is done while the show is locked too. */
    readonly evenLocked?: boolean;
  }
}

export interface AccessParts {
  /** Of the address that the routes are served at. */
  readonly access: Access;
  readonly passwords: Passwords;
  readonly signIns: SignIns;
  readonly showLock: ShowLock;
  readonly remote: { readonly info: AccessInfo['remote'] };
}

const password = {
  type: 'object',
  required: ['password'],
  additionalProperties: false,
  properties: { password: { type: 'string', minLength: 1, maxLength: passwordLength.max } },
};
const role = { type: 'object', properties: { role: { enum: ['admin', 'viewer'] } } };
const lock = {
  type: 'object',
  required: ['locked'],
  additionalProperties: false,
  properties: { locked: { type: 'boolean' }, note: { type: 'string', maxLength: 200 } },
};

interface OfRole {
  readonly Params: { readonly role: AccessRole };
}

/** Signing in and out, passwords and the show lock. */
export function registerAccess(app: FastifyInstance, parts: AccessParts): void {
  const { access, passwords, signIns, showLock, remote } = parts;
  const hasPassword = (): boolean => passwords.has('admin') || passwords.has('viewer');
  const open = { open: true, harmless: true };
  app.get(
    '/sign-in',
    { config: open, schema: { summary: 'Who is signed in' } },
    ({ headers }): SignInInfo => {
      const known = access.roleOf(headers);
      return { ...(known !== undefined && { role: known }), password: hasPassword() };
    },
  );
  app.post<{ Body: { readonly password: string } }>(
    '/sign-in',
    { config: open, schema: { summary: 'Sign in with a password', body: password } },
    async ({ body, ip }, reply): Promise<SignInInfo> => {
      const { secret, role: known } = await signIns.signIn(body.password, ip);
      reply.header('set-cookie', access.cookieOf(secret));
      return { role: known, password: true };
    },
  );
  app.delete('/sign-in', { config: open, schema: { summary: 'Sign out' } }, ({ headers }, reply) => {
    signIns.signOut(access.secretOf(headers) ?? '');
    return reply.header('set-cookie', access.noCookie).code(204).send();
  });
  const info = (): AccessInfo => ({
    passwords: { admin: passwords.has('admin'), viewer: passwords.has('viewer') },
    remote: remote.info,
  });
  app.get('/access', { schema: { summary: 'Who may reach the host, and how' } }, info);
  app.put<OfRole & { Body: { readonly password: string } }>(
    '/access/passwords/:role',
    { schema: { summary: 'Set the password of a role', params: role, body: password } },
    async ({ params, body }) => {
      await passwords.set(params.role, body.password);
      return info();
    },
  );
  app.delete<OfRole>(
    '/access/passwords/:role',
    { schema: { summary: 'Take the password of a role away', params: role } },
    async ({ params }) => {
      await passwords.remove(params.role);
      return info();
    },
  );
  app.put<{ Body: { readonly locked: boolean; readonly note?: string } }>(
    '/lock',
    { config: { evenLocked: true }, schema: { summary: 'Lock or unlock the show', body: lock } },
    async ({ body }) => {
      await (body.locked ? showLock.lock(body.note) : showLock.unlock());
      return { locked: showLock.current !== undefined, ...showLock.current };
    },
  );
}
