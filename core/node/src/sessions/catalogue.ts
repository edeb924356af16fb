import { createToken, type Event } from '@tutti/base';
import type { SessionInfo } from '@tutti/common';

/** What is announced on the network, merged over all providers by origin; what is gone is remembered for a while. */
export interface Catalogue {
  list(): readonly SessionInfo[];
  /** By id, by the beginning of an id, or by name, if only one fits. */
  find(idOrName: string): SessionInfo | undefined;
  /** Sessions came, went, changed or were seen again. */
  readonly onDidChange: Event<void>;
  /** A session is there for the first time or its description is another one. */
  readonly onDidChangeSession: Event<SessionInfo>;
  /** Reads what was remembered, and begins to look. */
  start(): Promise<void>;
  /** Resolves when every provider that is registered looks, or has failed to. */
  looking(): Promise<void>;
  flush(): Promise<void>;
}

export const CatalogueToken = createToken<Catalogue>('Catalogue');
