import type { Disposable, Event } from '@tutti/base';
import type { Commands } from './commands.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { DiscoveryProvider, SessionSource } from './discovery.ts';
import type { Hal } from './hal.ts';
import type { Hooks } from './hooks.ts';
import type { Mdns } from './mdns.ts';
import type { SessionPublisher } from './publishing.ts';
import type { ExtensionStorage } from './storage.ts';
import type { StatusItems } from './status-items.ts';
import type { Views } from './views.ts';

/** An IPv4 interface of this machine that is up. */
export interface NetworkInterface {
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  readonly mac: string;
}

/** One line for each change of state; codes are stable (`sap.joined`), fields are plain data. */
export interface Logger {
  info(code: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(code: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(code: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What an extension may do. Everything registered is also disposed by the core when the extension goes. */
export interface TuttiApi {
  /** Version of Tutti, semver. */
  readonly version: string;
  readonly log: Logger;
  readonly discovery: {
    registerProvider(provider: DiscoveryProvider): Disposable;
    registerSource(source: SessionSource): Disposable;
  };
  readonly publishing: { registerPublisher(publisher: SessionPublisher): Disposable };
  readonly hooks: Hooks;
  readonly commands: Commands;
  readonly views: Views;
  readonly statusItems: StatusItems;
  readonly diagnosis: Diagnosis;
  readonly hal: Hal;
  readonly mdns: Mdns;
  readonly storage: ExtensionStorage;
  readonly network: {
    /** Interfaces that Tutti is set to use, up ones only. */
    interfaces(): readonly NetworkInterface[];
    readonly onDidChangeInterfaces: Event<readonly NetworkInterface[]>;
  };
  readonly configuration: {
    /** Value of a key of this extension's `contributes.configuration`, or its default. */
    get<T>(key: string): T;
    /** Fires the keys that changed. */
    readonly onDidChange: Event<readonly string[]>;
  };
}

export interface ExtensionContext {
  readonly api: TuttiApi;
  /** Whatever is added here is disposed at deactivation, last first. */
  readonly subscriptions: { add<T extends Disposable>(item: T): T };
}

/** What an extension's main module exports. */
export interface Extension {
  activate(context: ExtensionContext): Promise<void> | void;
  deactivate?(): Promise<void> | void;
}

export * from './call.ts';
export * from './commands.ts';
export * from './diagnosis.ts';
export * from './discovery.ts';
export * from './hal.ts';
export * from './hooks.ts';
export * from './manifest.ts';
export { manifestSchema } from './manifest-schema.ts';
export type * from './mdns.ts';
export * from './publishing.ts';
export * from './status-items.ts';
export type * from './storage.ts';
export * from './views.ts';
