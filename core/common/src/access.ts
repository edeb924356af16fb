/** `admin` may do everything, `viewer` sees everything and changes nothing. */
export const accessRoles = ['admin', 'viewer'] as const;
export type AccessRole = (typeof accessRoles)[number];

/** `GET /sign-in`, for everybody, also for those who are not signed in. */
export interface SignInInfo {
  /** Whoever asks; absent: not signed in. */
  readonly role?: AccessRole;
  /** Signing in with a password is possible. */
  readonly password: boolean;
}

/** `GET /access`. */
export interface AccessInfo {
  /** Roles that have a password. */
  readonly passwords: Readonly<Record<AccessRole, boolean>>;
  /** Listening beyond this machine, with TLS. */
  readonly remote:
    | { readonly state: 'off'; readonly reason: string }
    | {
        readonly state: 'on';
        readonly urls: readonly string[];
        /** SHA-256 of the certificate, hexadecimal with colons. */
        readonly fingerprint: string;
      }
    | { readonly state: 'failed'; readonly reason: string };
}

/** While a show is locked, nothing changes through the host API. */
export interface ShowLockInfo {
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly note?: string;
}
