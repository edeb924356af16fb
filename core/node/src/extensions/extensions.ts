import { createToken, type Event } from '@tutti/base';
import type { ExtensionInfo } from '@tutti/common';

/** The extensions that are there, and which of them are active. */
export interface Extensions {
  list(): readonly ExtensionInfo[];
  /** Finds extensions and registers their settings and native libraries. Nothing runs yet. */
  load(): void;
  /** Activates what is not disabled. Resolves when all have been tried; one that fails does not stop the others. */
  activateAll(): Promise<void>;
  /** @throws TuttiError `notFound`. */
  enable(id: string): Promise<ExtensionInfo>;
  disable(id: string): Promise<ExtensionInfo>;
  readonly onDidChange: Event<void>;
}

export const ExtensionsToken = createToken<Extensions>('Extensions');
