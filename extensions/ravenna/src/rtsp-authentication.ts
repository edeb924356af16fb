import { createHash, randomBytes } from 'node:crypto';

/** Who we are to a server. */
export interface RtspCredentials {
  readonly user: string;
  readonly password: string;
}

/** What a server wants to be shown (RFC 7235 section 4.1). Parameter names in lower case. */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Hashes of Digest that we know, strongest first (RFC 7616 section 6.1). */
const hashes = [
  ['SHA-256', 'sha256'],
  ['MD5', 'md5'],
] as const;

/** Challenges of a `WWW-Authenticate` header; several headers are one, joined by commas. */
export function readChallenges(text: string): readonly Challenge[] {
  const found: { readonly scheme: string; readonly parameters: Map<string, string> }[] = [];
  const parts =
    /(?:^|,)\s*(?:([a-z][a-z0-9-]*) +)?([a-z][a-z0-9-]*) *= *(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))/giy;
  for (const [, scheme, name = '', quoted, token = ''] of text.matchAll(parts)) {
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    found.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token);
  }
  return found;
}

/**
 * Answers a server's challenges: Digest (RFC 7616, and as RFC 2069 had it, which is what most RTSP servers speak) before Basic
 * (RFC 7617), which shows the password to whoever listens.
 */
export class RtspAuthentication {
  readonly #credentials: RtspCredentials;
  readonly #random: () => string;
  #challenge: Challenge | undefined;
  /** How often this nonce was used (RFC 7616 section 3.4). */
  #count = 0;

  /** @param random another one in tests only */
  constructor(credentials: RtspCredentials, random = () => randomBytes(8).toString('hex')) {
    this.#credentials = credentials;
    this.#random = random;
  }

  /** Takes the best of what a server offers. False if there is nothing that we know, or nothing new: then it refuses us. */
  challenge(header: string): boolean {
    const offered = readChallenges(header);
    const digests = hashes.flatMap(([name]) => offered.filter((each) => isDigestOf(each, name)));
    const best = digests[0] ?? offered.find(({ scheme }) => scheme === 'basic');
    const before = this.#challenge;
    if (best === undefined) return false;
    const isNew = before === undefined || best.parameters.get('nonce') !== before.parameters.get('nonce');
    // A nonce may have become too old; another one that is asked for at once says that the password is wrong.
    if (!isNew || (before !== undefined && best.parameters.get('stale')?.toLowerCase() !== 'true'))
      return false;
    this.#challenge = best;
    this.#count = 0;
    return true;
  }

  /** Value of the `Authorization` header of a request; undefined while the server wants none. */
  header(method: string, uri: string): string | undefined {
    const { user, password } = this.#credentials;
    if (this.#challenge === undefined) return undefined;
    if (this.#challenge.scheme === 'basic')
      return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return this.#digest(this.#challenge.parameters, method, uri);
  }

  #digest(given: Challenge['parameters'], method: string, uri: string): string {
    const { user, password } = this.#credentials;
    const algorithm = given.get('algorithm');
    const [, hash] = hashes.find(([name]) => isNamed(algorithm, name)) ?? hashes[1];
    const of = (...parts: readonly string[]): string =>
      createHash(hash).update(parts.join(':')).digest('hex');
    const [realm = '', nonce = ''] = [given.get('realm'), given.get('nonce')];
    const [who, what] = [of(user, realm, password), of(method, uri)];
    const fields = [
      ...[`username=${quote(user)}`, `realm=${quote(realm)}`, `nonce=${quote(nonce)}`, `uri=${quote(uri)}`],
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(given.has('opaque') ? [`opaque=${quote(given.get('opaque') ?? '')}`] : []),
    ];
    if (!offersAuth(given)) return `Digest ${[...fields, `response="${of(who, nonce, what)}"`].join(', ')}`;
    this.#count += 1;
    const [count, own] = [this.#count.toString(16).padStart(8, '0'), this.#random()];
    const response = of(who, nonce, count, own, 'auth', what);
    return `Digest ${[...fields, 'qop=auth', `nc=${count}`, `cnonce="${own}"`, `response="${response}"`].join(', ')}`;
  }
}

/** The end of a sentence about a request that was refused; empty if it was not for want of a password. */
export function refusalHint(status: number, credentials: RtspCredentials | undefined): string {
  if (status !== 401) return '';
  return credentials === undefined
    ? '; it wants a user and a password: rtsp://user:password@...'
    : '; it does not accept this user and password';
}

/** Without a name it is MD5 (RFC 7616 section 3.3). */
const isNamed = (algorithm: string | undefined, name: string): boolean =>
  (algorithm ?? 'MD5').toUpperCase() === name;

function isDigestOf({ scheme, parameters }: Challenge, name: string): boolean {
  const isKnown = !parameters.has('qop') || offersAuth(parameters);
  return (
    scheme === 'digest' && isKnown && isNamed(parameters.get('algorithm'), name) && parameters.has('nonce')
  );
}

const offersAuth = (parameters: Challenge['parameters']): boolean =>
  parameters
    .get('qop')
    ?.split(/\s*,\s*/)
    .includes('auth') ?? false;

const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
