import type { Waiting } from '../registries/registries.ts';

/** Something that an extension registered, in another process. */
export interface RemoteObject {
  /** `publisher.name`. */
  readonly extension: string;
  /** As the extension named it. */
  readonly id: string;
  /** @throws TuttiError with what it threw; `timeout`; `unavailable` if it was cancelled or is gone. */
  call<T>(method: string, args: readonly unknown[], waiting?: Waiting): Promise<T>;
  /** One listener for each event; what it gets is outside data. */
  on(event: string, listener: (value: unknown) => void): void;
  /** False once it is unregistered, or its process is gone. */
  readonly isThere: boolean;
}
