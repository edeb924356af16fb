import type { DiscoveryProvider, DiscoverySink, Hooks, SessionPublisher, SessionSource } from '@tutti/api';
import { fail, toDisposable, type Disposable } from '@tutti/base';
import { extensionMethods, type ExtensionLogLine, type RegistrationKind } from '@tutti/common';

type SessionParsedTap = Parameters<Hooks['sessionParsed']>[0];
type SdpWillPublishTap = Parameters<Hooks['sdpWillPublish']>[0];

/** What can lie behind a handle. */
interface Registered {
  readonly discovery?: DiscoveryProvider;
  readonly source?: SessionSource;
  readonly publisher?: SessionPublisher;
  readonly sessionParsed?: SessionParsedTap;
  readonly sdpWillPublish?: SdpWillPublishTap;
}

/** Numbers for what extensions register: the host knows the number, this side the object. Numbers are never used twice. */
export class Handles {
  readonly #notify: (method: string, argument: unknown) => void;
  readonly #registered = new Map<number, Registered>();
  readonly #looking = new Map<number, Disposable>();
  #last = 0;

  /** @param notify sends a notification to the host; never throws. */
  constructor(notify: (method: string, argument: unknown) => void) {
    this.#notify = notify;
  }

  register(extension: string, kind: RegistrationKind, id: string, entry: Registered): Disposable {
    this.#last += 1;
    const handle = this.#last;
    this.#registered.set(handle, entry);
    this.#notify(extensionMethods.registered, { handle, extension, kind, id });
    return toDisposable(() => {
      this.stopProvider(handle);
      this.#registered.delete(handle);
      this.#notify(extensionMethods.unregistered, handle);
    });
  }

  log(line: ExtensionLogLine): void {
    this.#notify(extensionMethods.log, line);
  }

  /** Something went wrong and nobody knows in which extension. */
  logUnowned(code: string, error: unknown): void {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log({ extension: '', level: 'error', code, message });
  }

  async startProvider(handle: number): Promise<void> {
    const provider = this.#registered.get(handle)?.discovery ?? missing(handle);
    this.stopProvider(handle);
    const sink: DiscoverySink = {
      announced: (session) => this.#notify(extensionMethods.announced, { handle, session }),
      withdrawn: (key) => this.#notify(extensionMethods.withdrawn, { handle, key }),
    };
    const looking = await provider.start(sink);
    // It may have been unregistered while it was starting.
    if (this.#registered.has(handle)) this.#looking.set(handle, looking);
    else looking.dispose();
  }

  stopProvider(handle: number): void {
    const looking = this.#looking.get(handle);
    this.#looking.delete(handle);
    looking?.dispose();
  }

  source(handle: number): SessionSource {
    return this.#registered.get(handle)?.source ?? missing(handle);
  }

  publisher(handle: number): SessionPublisher {
    return this.#registered.get(handle)?.publisher ?? missing(handle);
  }

  sessionParsed(handle: number): SessionParsedTap {
    return this.#registered.get(handle)?.sessionParsed ?? missing(handle);
  }

  sdpWillPublish(handle: number): SdpWillPublishTap {
    return this.#registered.get(handle)?.sdpWillPublish ?? missing(handle);
  }
}

function missing(handle: number): never {
  throw fail('notFound', `nothing of that kind is registered as ${handle}`);
}
