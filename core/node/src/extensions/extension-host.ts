import type { Event, Problem } from '@tutti/base';
import type { ConfigurationChange } from '@tutti/common';

/** What to activate. */
export interface Activation {
  /** `publisher.name`. */
  readonly id: string;
  /** Absolute path of what it consists of. */
  readonly folder: string;
  /** Path of the main module inside the folder. */
  readonly main: string;
  /** Values of its settings; asked again after a restart. */
  readonly configuration: () => Readonly<Record<string, unknown>>;
}

/** How a process of extensions ended against our will. */
export interface HostDeath {
  readonly reason: 'crashed' | 'unresponsive';
  /** Those that were in it. */
  readonly extensions: readonly string[];
  /** One sentence. */
  readonly message: string;
}

/** How an activation ended: nothing wrong, what went wrong inside the extension, or its process `died`, which says nothing of it yet. */
export type ActivationOutcome = Problem | 'died' | undefined;

/** A process in which extensions run. It can die at any time: what it registered is disposed and it is started anew. */
export interface ExtensionHost {
  /**
   * Starts the process if need be. An extension whose process is dead is activated with the next one, as are those that were active in
   * it, which {@link onDidReactivate} tells.
   */
  activate(extension: Activation): Promise<ActivationOutcome>;
  deactivate(id: string): Promise<void>;
  /** Tells an extension about its settings. */
  configurationChanged(change: ConfigurationChange): void;
  /** Extensions that were activated after a death, with what went wrong. */
  readonly onDidReactivate: Event<{ readonly id: string; readonly problem: Problem | undefined }>;
  /** Fires before anything is started anew; who is deactivated by a listener stays so. */
  readonly onDidDie: Event<HostDeath>;
  readonly pid: number | undefined;
  /** Lets its extensions say goodbye, then ends the process, at the latest by force. */
  close(): Promise<void>;
  /** Ends it without waiting. */
  dispose(): void;
}
