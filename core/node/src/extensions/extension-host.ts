import { createToken, type Event, type Problem } from '@tutti/base';
import type { ConfigurationChange } from '@tutti/common';

/** What to activate. */
export interface Activation {
  /** `publisher.name`. */
  readonly id: string;
  /** Absolute path of the main module. */
  readonly main: string;
  /** Values of its settings; asked again after a restart. */
  readonly configuration: () => Readonly<Record<string, unknown>>;
}

/** The process in which extensions run. It can die at any time: what it registered is disposed and it is started anew. */
export interface ExtensionHost {
  /** Starts the process if need be. Resolves with what went wrong inside the extension. */
  activate(extension: Activation): Promise<Problem | undefined>;
  deactivate(id: string): Promise<void>;
  /** Tells an extension about its settings. */
  configurationChanged(change: ConfigurationChange): void;
  /** Extensions that were active and were activated again after a death, with what went wrong. */
  readonly onDidReactivate: Event<{ readonly id: string; readonly problem: Problem | undefined }>;
  readonly onDidDie: Event<void>;
  readonly pid: number | undefined;
  dispose(): void;
}

export const ExtensionHostToken = createToken<ExtensionHost>('ExtensionHost');
