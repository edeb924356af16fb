import { createHash } from 'node:crypto';
import type { SessionOrigin } from '@tutti/model';

/** Id of a session: everything of its origin but the version (RFC 8866 section 5.2), short enough to type. */
export function sessionIdOf(origin: SessionOrigin): string {
  const identity = [origin.username, origin.sessionId, origin.addressType, origin.address.toLowerCase()].join(
    ' ',
  );
  return createHash('sha256').update(identity).digest('hex').slice(0, 10);
}

/** Whether `next` may replace `present`: the version of an origin only rises. Versions that are no numbers always may. */
export function supersedes(next: SessionOrigin, present: SessionOrigin): boolean {
  const number = /^\d{1,40}$/;
  if (!number.test(next.sessionVersion) || !number.test(present.sessionVersion)) return true;
  return BigInt(next.sessionVersion) >= BigInt(present.sessionVersion);
}
