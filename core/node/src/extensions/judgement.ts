import type { Problem } from '@tutti/base';
import type { ExtensionReason } from '@tutti/common';
import type { StoredState } from '../state/stored-state.ts';
import { orderByDependency, type Dependent } from './dependencies.ts';
import type { FoundExtension } from './manifest.ts';
import { nativeDigest, refuseNative } from './native-contributions.ts';

/** Why an extension is not to be used. */
export interface Refusal {
  readonly reason: ExtensionReason;
  readonly problem?: Problem;
  readonly quarantined?: boolean;
}

/** What is judged. */
export interface Judged {
  readonly found: FoundExtension;
  /** It threw when it was activated, or the engine refused its library: not tried again until somebody enables it. */
  readonly failure: Refusal | undefined;
}

export interface Judgement<T> {
  /** Those that are to be in use, each after what it needs. */
  readonly order: readonly T[];
  readonly refused: ReadonlyMap<T, Refusal>;
}

/** What people said about extensions. */
type Said = Pick<StoredState, 'disabledExtensions' | 'quarantinedExtensions' | 'trustedExtensions'>;

/** Says of each extension whether it is to be in use, and why not. Of two with one id the first counts. */
export function judge<T extends Judged>(entries: readonly T[], said: Said, safeMode: boolean): Judgement<T> {
  const refused = new Map<T, Refusal>();
  const firsts = new Map<string, T>();
  for (const entry of entries) {
    const isFirst = !firsts.has(entry.found.id);
    if (isFirst) firsts.set(entry.found.id, entry);
    const refusal = isFirst ? refusalOf(entry, said, safeMode) : duplicate(entry.found);
    if (refusal !== undefined) refused.set(entry, refusal);
  }
  const candidates = [...firsts.values()];
  const { order, refused: byOthers } = orderByDependency(
    candidates.map((entry) => ({ ...toDependent(entry), usable: !refused.has(entry) })),
  );
  for (const [id, { reason, message }] of byOthers) {
    const entry = firsts.get(id);
    if (entry === undefined) continue;
    const code = reason === 'missingDependency' ? 'notFound' : 'unavailable';
    const problem: Problem = { code, field: 'extensionDependencies', message: `${id}: ${message}` };
    refused.set(entry, { reason, problem });
  }
  return { order: candidates.filter((each) => order.includes(each.found.id)).sort(byPlace(order)), refused };
}

export function toDependent({ found }: Judged): Dependent {
  return { id: found.id, dependencies: found.manifest?.extensionDependencies ?? [], usable: true };
}

/**
 * What somebody trusts: this version of the extension with these libraries, so that another package of its name and version asks
 * again. Its author's own folder may be built anew: there it is the version alone.
 */
export function trustOf(found: FoundExtension): string {
  const version = `${found.id}@${found.manifest?.version ?? ''}`;
  return found.origin === 'development' ? version : `${version} sha256:${nativeDigest(found)}`;
}

function refusalOf({ found, failure }: Judged, said: Said, safeMode: boolean): Refusal | undefined {
  if (found.refusal !== undefined) return found.refusal;
  if (safeMode && found.origin !== 'builtIn') return { reason: 'safeMode' };
  if (said.disabledExtensions.includes(found.id)) return { reason: 'byUser' };
  const quarantine = said.quarantinedExtensions?.find((each) => each.id === found.id);
  if (quarantine !== undefined) {
    const { message, reason } = quarantine;
    const fix = `"tutti extension enable ${found.id}" tries it again`;
    return { reason, problem: { code: 'unavailable', message, fix }, quarantined: true };
  }
  return untrusted(found, said) ?? refuseNative(found) ?? failure;
}

function untrusted(found: FoundExtension, { trustedExtensions = [] }: Said): Refusal | undefined {
  const libraries = found.manifest?.contributes?.native ?? [];
  if (libraries.length === 0 || found.origin === 'builtIn') return undefined;
  if (trustedExtensions.includes(trustOf(found))) return undefined;
  const names = [...new Set(libraries.map(({ library }) => library))].join(', ');
  const message = `${found.id} loads native code into the engine (${names}), and nobody has said that it may`;
  const fix = `"tutti extension trust ${found.id}" allows it, for these libraries`;
  return { reason: 'untrusted', problem: { code: 'permission', message, fix } };
}

function duplicate(found: FoundExtension): Refusal {
  const message = `${found.id} in ${found.folder} is passed over: another extension of this id is there`;
  return { reason: 'duplicate', problem: { code: 'conflict', field: 'name', message } };
}

function byPlace(order: readonly string[]): (a: Judged, b: Judged) => number {
  return (a, b) => order.indexOf(a.found.id) - order.indexOf(b.found.id);
}
