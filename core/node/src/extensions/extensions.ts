import { createToken, type Event } from '@tutti/base';
import type { ExtensionImpact, ExtensionInfo } from '@tutti/common';

export interface ChangeOptions {
  /** Do it though streams would stop. */
  readonly force?: boolean;
}

/** The extensions that are there, and which of them are in use. */
export interface Extensions {
  list(): readonly ExtensionInfo[];
  /** Finds extensions and registers their settings and native libraries. Nothing runs yet. */
  load(): void;
  /** Activates what is to be in use. Resolves when all have been tried; one that fails does not stop the others. */
  activateAll(): Promise<void>;
  /** Also lifts a quarantine. @throws TuttiError `notFound`, `unsupported`. */
  enable(id: string): Promise<ExtensionInfo>;
  /** @throws TuttiError `notFound`; `conflict` if streams or other extensions would stop with it. */
  disable(id: string, options?: ChangeOptions): Promise<ExtensionInfo>;
  /** Lets the engine load the native code of an extension from outside, this version of it. @throws TuttiError `notFound`. */
  trust(id: string): Promise<ExtensionInfo>;
  /** Starts an extension anew from its files. @throws TuttiError `notFound`. */
  reload(id: string): Promise<ExtensionInfo>;
  /** Looks at the folders again: what is new comes in, what is gone goes out. */
  rescan(): Promise<void>;
  /** @throws TuttiError `notFound`; `conflict` that names the streams and extensions that would stop with it. */
  refuseIfLive(id: string, options?: ChangeOptions): void;
  /** What would stop with it. @throws TuttiError `notFound`. */
  impactOf(id: string): ExtensionImpact;
  /** Lets all say goodbye and ends their processes. */
  close(): Promise<void>;
  readonly onDidChange: Event<void>;
}

export const ExtensionsToken = createToken<Extensions>('Extensions');
