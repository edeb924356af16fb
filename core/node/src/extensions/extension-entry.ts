import type { DisposableStore, Problem } from '@tutti/base';
import type { ExtensionInfo, ExtensionReason, ExtensionState } from '@tutti/common';
import { localised } from '../registries/localisation.ts';
import type { Judged, Refusal } from './judgement.ts';
import type { FoundExtension } from './manifest.ts';

/** An extension that is there, and where it is in its life. */
export interface Entry extends Judged {
  state: ExtensionState;
  reason: ExtensionReason | undefined;
  problem: Problem | undefined;
  /** What it contributes without running: settings, native libraries, commands, views. There while it is in use. */
  contributions: DisposableStore | undefined;
  failure: Refusal | undefined;
  /** Somebody wanted something of it: until it is disabled its code runs like that of one that starts at once. */
  wanted: boolean;
  /** While its code is being started. */
  starting: Promise<boolean> | undefined;
}

export function newEntry(found: FoundExtension): Entry {
  return {
    found,
    state: 'disabled',
    reason: undefined,
    problem: undefined,
    contributions: undefined,
    failure: undefined,
    wanted: false,
    starting: undefined,
  };
}

/** The same text in the same place: what is in use may go on. */
export function sameExtension(a: FoundExtension, b: FoundExtension): boolean {
  return a.folder === b.folder && JSON.stringify(a) === JSON.stringify(b);
}

export function toInfo({ found, state, reason, problem }: Entry): ExtensionInfo {
  const manifest = found.manifest && localised(found.manifest, found.texts, []);
  return {
    id: found.id,
    displayName: manifest?.displayName ?? found.id,
    ...(manifest?.description !== undefined && { description: manifest.description }),
    version: manifest?.version ?? '',
    origin: found.origin,
    state,
    ...(reason && { reason }),
    ...(problem && { problem }),
    dependencies: manifest?.extensionDependencies ?? [],
    permissions: manifest?.permissions ?? [],
    contributions: contributionsOf(found),
  };
}

/** One line each, as `codec L24`. */
function contributionsOf({ manifest }: FoundExtension): readonly string[] {
  const {
    native = [],
    discovery = [],
    publishing = [],
    hooks = [],
    commands = [],
    views = {},
    statusItems = [],
    diagnosis = [],
    hal = [],
  } = manifest?.contributes ?? {};
  return [
    ...native.map(({ kind, id }) => `${kind} ${id}`),
    ...discovery.map(({ id }) => `discovery ${id}`),
    ...publishing.map(({ id }) => `publishing ${id}`),
    ...hooks.map((name) => `hook ${name}`),
    ...commands.map(({ command }) => `command ${command}`),
    ...Object.values(views).flatMap((each) => each.map(({ id }) => `view ${id}`)),
    ...statusItems.map(({ id }) => `status ${id}`),
    ...diagnosis.map(({ id }) => `check ${id}`),
    ...hal.map(({ id }) => `hal ${id}`),
  ];
}
