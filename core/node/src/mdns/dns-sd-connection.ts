import { toDisposable, type Disposable } from '@tutti/base';
import type { DnsSdAddon, DnsSdReply, NativeDnsSd } from './dns-sd-addon.ts';
import { recordCodes } from './dns-message.ts';

type OnReply = (reply: DnsSdReply) => void;

/** Names of errors (dns_sd.h) that a person can do something about. */
const errorNames: Readonly<Record<number, string>> = {
  [-65548]: 'the name is taken',
  [-65555]: 'not allowed to',
  [-65563]: 'the daemon is not running',
  [-65570]: "not allowed to use the local network; see the system's privacy settings",
};

export const nameConflict = -65548;

export function dnsSdError(error: number): string {
  return errorNames[error] ?? `error ${error} of dns_sd.h`;
}

/** Operations at mDNSResponder, each with its own replies. */
export class DnsSdConnection implements Disposable {
  readonly #addon: DnsSdAddon;
  readonly #native: NativeDnsSd;
  readonly #handlers = new Map<number, OnReply>();

  /** @throws if there is no library, or the daemon does not answer. */
  constructor(addon: DnsSdAddon, onLost: (error: number) => void) {
    this.#addon = addon;
    this.#native = new addon.Connection((operation, reply) => this.#handlers.get(operation)?.(reply), onLost);
    if (this.#native.isShared) return;
    // Nothing else would say that the daemon went. Asked where nobody listens.
    const loopback = addon.interfaceIndex('lo') || addon.interfaceIndex('lo0');
    const operation = this.#native.query(loopback, 'localhost.local', recordCodes.A);
    if (operation < 0) {
      this.#native.close();
      throw new Error(dnsSdError(operation));
    }
    this.#handlers.set(operation, ({ error }) => {
      if (error !== 0) onLost(error);
    });
  }

  interfaceIndex(name: string): number {
    return this.#addon.interfaceIndex(name);
  }

  /** Asks until disposed. @param name escaped */
  query(interfaceIndex: number, name: string, code: number, onReply: OnReply): Disposable {
    return this.#begin(this.#native.query(interfaceIndex, name, code), onReply);
  }

  /** Registers until disposed. @param type with subtypes: `_rtsp._tcp,_ravenna` @param txt as on the wire */
  register(
    interfaceIndex: number,
    service: {
      readonly name: string;
      readonly type: string;
      readonly port: number;
      readonly txt: Uint8Array;
    },
    onReply: OnReply,
  ): Disposable {
    const { name, type, port, txt } = service;
    return this.#begin(this.#native.register(interfaceIndex, name, type, port, txt), onReply);
  }

  dispose(): void {
    this.#handlers.clear();
    this.#native.close();
  }

  /** What is refused at once is told like what is refused later. */
  #begin(operation: number, onReply: OnReply): Disposable {
    if (operation < 0) {
      const soon = setImmediate(onReply, {
        error: operation,
        isAdded: false,
        name: '',
        data: new Uint8Array(),
      });
      return toDisposable(() => clearImmediate(soon));
    }
    this.#handlers.set(operation, onReply);
    return toDisposable(() => {
      if (this.#handlers.delete(operation)) this.#native.stop(operation);
    });
  }
}
