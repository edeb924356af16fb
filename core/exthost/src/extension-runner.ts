import { pathToFileURL } from 'node:url';
import type { Extension, ExtensionContext, Logger, NetworkInterface } from '@tutti/api';
import { DisposableStore, Emitter, fail, toProblem } from '@tutti/base';
import type { ActivateReply, ActivateRequest, ConfigurationChange } from '@tutti/common';
import { createApi } from './create-api.ts';
import type { Handles } from './handles.ts';
import type { MdnsClient } from './mdns-client.ts';

/** One extension that is active. */
interface Active {
  readonly extension: Extension;
  readonly store: DisposableStore;
  configuration: Readonly<Record<string, unknown>>;
  readonly configurationEmitter: Emitter<readonly string[]>;
  readonly interfacesEmitter: Emitter<readonly NetworkInterface[]>;
}

/** One whose module is being loaded, until it is active or not wanted any more. */
interface Loading {
  configuration: Readonly<Record<string, unknown>>;
}

/** Loads extension modules and gives each its own view of the API. One that fails does not stop the others. */
export class ExtensionRunner {
  readonly #handles: Handles;
  readonly #mdns: MdnsClient;
  readonly #loading = new Map<string, Loading>();
  readonly #active = new Map<string, Active>();
  #interfaces: readonly NetworkInterface[] = [];

  constructor(handles: Handles, mdns: MdnsClient) {
    this.#handles = handles;
    this.#mdns = mdns;
  }

  async activate(request: ActivateRequest): Promise<ActivateReply> {
    const store = new DisposableStore();
    const loading: Loading = { configuration: request.configuration };
    this.#loading.set(request.id, loading);
    this.#interfaces = request.interfaces;
    await this.#stop(request.id);
    try {
      const extension = readModule(await import(pathToFileURL(request.main).href));
      if (this.#loading.get(request.id) !== loading)
        throw fail('unavailable', `${request.id} was disabled while it was loaded`);
      this.#loading.delete(request.id);
      const report = (error: unknown): void =>
        this.#log(request.id).error('extension.listener', toProblem(error).message);
      const active: Active = {
        extension,
        store,
        configuration: loading.configuration,
        configurationEmitter: store.add(new Emitter(report)),
        interfacesEmitter: store.add(new Emitter(report)),
      };
      this.#active.set(request.id, active);
      const api = createApi({
        id: request.id,
        version: request.version,
        log: this.#log(request.id),
        handles: this.#handles,
        own: store,
        mdns: this.#mdns.apiFor(request.id, (item) => store.add(item), this.#log(request.id)),
        interfaces: () => this.#interfaces,
        onDidChangeInterfaces: active.interfacesEmitter.event,
        setting: (key) => active.configuration[key],
        onDidChangeConfiguration: active.configurationEmitter.event,
      });
      const context: ExtensionContext = { api, subscriptions: store };
      await extension.activate(context);
      return {};
    } catch (error) {
      if (this.#loading.get(request.id) === loading) this.#loading.delete(request.id);
      if (this.#active.get(request.id)?.store === store) this.#active.delete(request.id);
      this.#dispose(request.id, store);
      return { problem: toProblem(error) };
    }
  }

  async deactivate(id: string): Promise<void> {
    this.#loading.delete(id);
    await this.#stop(id);
  }

  async #stop(id: string): Promise<void> {
    const active = this.#active.get(id);
    if (active === undefined) return;
    this.#active.delete(id);
    try {
      await active.extension.deactivate?.();
    } catch (error) {
      this.#log(id).error('extension.deactivate', toProblem(error).message);
    }
    this.#dispose(id, active.store);
  }

  async deactivateAll(): Promise<void> {
    const all = new Set([...this.#loading.keys(), ...this.#active.keys()]);
    await Promise.all([...all].map((id) => this.deactivate(id)));
  }

  interfacesChanged(interfaces: readonly NetworkInterface[]): void {
    this.#interfaces = interfaces;
    for (const { interfacesEmitter } of this.#active.values()) interfacesEmitter.fire(interfaces);
  }

  configurationChanged(change: ConfigurationChange): void {
    const loading = this.#loading.get(change.id);
    if (loading !== undefined) loading.configuration = change.values;
    const active = this.#active.get(change.id);
    if (active === undefined) return;
    active.configuration = change.values;
    active.configurationEmitter.fire(change.keys);
  }

  #dispose(id: string, store: DisposableStore): void {
    try {
      store.dispose();
    } catch (error) {
      this.#log(id).error('extension.dispose', toProblem(error).message);
    }
  }

  #log(extension: string): Logger {
    const line =
      (level: 'info' | 'warn' | 'error'): Logger['info'] =>
      (code, message, fields) =>
        this.#handles.log({ extension, level, code, message, ...(fields && { fields }) });
    return { info: line('info'), warn: line('warn'), error: line('error') };
  }
}

/** A module is outside data: what it exports may be anything. */
function readModule(module: unknown): Extension {
  if (
    typeof module === 'object' &&
    module !== null &&
    'activate' in module &&
    typeof module.activate === 'function'
  ) {
    return module as Extension;
  }
  throw new Error('the main module exports no function "activate"');
}
