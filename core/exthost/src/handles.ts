import { fail, type Disposable } from '@tutti/base';
import {
  extensionMethods,
  type CallRequest,
  type ExtensionLogLine,
  type RegistrationKind,
  type registrationKinds,
} from '@tutti/common';
import type { HostLink } from './host-link.ts';

/** A method of something that an extension registered. Arguments are the host's. */
export type Method = (args: readonly unknown[], signal: AbortSignal) => unknown;
export type Methods<K extends RegistrationKind> = Readonly<
  Record<(typeof registrationKinds)[K][number], Method>
>;

/** What was registered: it can say something to the host until it is disposed. */
export interface Registered extends Disposable {
  emit(event: string, value: unknown): void;
}

/** Numbers for what extensions register: the host knows the number, this side the object. Numbers are never used twice. */
export class Handles {
  readonly host: HostLink;
  readonly #registered = new Map<number, Readonly<Record<string, Method>>>();
  #last = 0;

  constructor(host: HostLink) {
    this.host = host;
  }

  register<K extends RegistrationKind>(
    extension: string,
    kind: K,
    id: string,
    methods: Methods<K>,
  ): Registered {
    this.#last += 1;
    const handle = this.#last;
    this.#registered.set(handle, methods);
    this.host.notify(extensionMethods.registered, { handle, extension, kind, id });
    return {
      emit: (event, value) => {
        if (this.#registered.has(handle))
          this.host.notify(extensionMethods.emitted, { handle, event, value });
      },
      dispose: () => {
        if (this.#registered.delete(handle)) this.host.notify(extensionMethods.unregistered, handle);
      },
    };
  }

  call({ handle, method, args }: CallRequest, signal: AbortSignal): unknown {
    const methods = this.#registered.get(handle);
    if (methods === undefined) throw fail('notFound', `nothing is registered as ${handle}`);
    const found = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (found === undefined) throw fail('notFound', `what is registered as ${handle} has no ${method}`);
    return found(args, signal);
  }

  log(line: ExtensionLogLine): void {
    this.host.notify(extensionMethods.log, line);
  }

  /** Something went wrong and nobody knows in which extension. */
  logUnowned(code: string, error: unknown): void {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log({ extension: '', level: 'error', code, message });
  }
}
