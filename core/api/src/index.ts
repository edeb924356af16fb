import type { Disposable, Event } from '@tutti/base';
import type { SessionDescription } from '@tutti/model';
import type { Mdns } from './mdns.ts';

/** A session as somebody announced it, before the core has read it. */
export interface AnnouncedSession {
  /** Unique inside the provider, stable while the announcement lasts (SAP: source address and o= line). */
  readonly key: string;
  /** The session description, as text. Outside data: the core reads it, bounded and leniently. */
  readonly sdp: string;
  /** Address the announcement came from. */
  readonly source?: string;
  /** Local interface on which it was heard. */
  readonly interface?: string;
}

/** Where a discovery provider reports. Calls are cheap and never throw. */
export interface DiscoverySink {
  /** New or changed; the same key replaces what was there. Repeat it at every announcement: it refreshes "last seen". */
  announced(session: AnnouncedSession): void;
  /** Gone: deleted by its announcer, or expired. */
  withdrawn(key: string): void;
}

/** Finds sessions on the network. */
export interface DiscoveryProvider {
  /** As in the manifest's `contributes.discovery`. */
  readonly id: string;
  /** Begins looking; called again after a disposal. */
  start(sink: DiscoverySink): Promise<Disposable>;
}

/** A session of ours that others should see. */
export interface PublishedSession {
  /** The sender's id. */
  readonly id: string;
  readonly sdp: string;
  /** Address of the local interface that the session's first leg leaves by. */
  readonly interfaceAddress: string;
}

/** Announces our senders. */
export interface SessionPublisher {
  readonly id: string;
  /** The whole set that should be announced from now on: a change is re-announced at once, what is missing is withdrawn. */
  publish(sessions: readonly PublishedSession[]): Promise<void>;
}

/** An IPv4 interface of this machine that is up. */
export interface NetworkInterface {
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  readonly mac: string;
}

/** Ordered pipelines in which extensions may step in. A tap gets the value and returns the next one. */
export interface Hooks {
  /** Repairs a vendor's dialect after reading; return the session, changed or not. */
  sessionParsed(tap: (session: SessionDescription, sdp: string) => Promise<SessionDescription>): Disposable;
  /** Changes the text of a session of ours before it is announced. */
  sdpWillPublish(tap: (sdp: string, senderId: string) => Promise<string>): Disposable;
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
  readonly discovery: { registerProvider(provider: DiscoveryProvider): Disposable };
  readonly publishing: { registerPublisher(publisher: SessionPublisher): Disposable };
  readonly hooks: Hooks;
  readonly mdns: Mdns;
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

/** A native library of an extension: a codec or a clock source behind the C ABI of `native/include/tutti`. */
export interface NativeContribution {
  readonly kind: 'codec' | 'clock';
  /** Codec: encoding name as in rtpmap. Clock: name of the source. */
  readonly id: string;
  /** Major version of the ABI it was built for. */
  readonly abi: number;
  /** Path inside the extension, without the platform's ending. */
  readonly library: string;
}

/**
 * What an extension says it needs. `native`: loads native libraries into the engine. `process`: starts programs.
 * `fs.read`: reads files outside its own folder. The network cannot be kept from it by Node; the two `net` permissions
 * tell people what to expect.
 */
export type ExtensionPermission = 'net.multicast' | 'net.unicast' | 'native' | 'fs.read' | 'process';

/** The part of package.json that Tutti reads; `manifestSchema` checks it. */
export interface ExtensionManifest {
  readonly publisher: string;
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly version: string;
  readonly engines: { readonly tutti: string };
  readonly main?: string;
  /** Ids of extensions that must be active before this one. */
  readonly extensionDependencies?: readonly string[];
  readonly permissions?: readonly ExtensionPermission[];
  readonly contributes?: {
    readonly native?: readonly NativeContribution[];
    readonly discovery?: readonly { readonly id: string; readonly label: string }[];
    /** JSON Schema of each key. */
    readonly configuration?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

export type * from './mdns.ts';
export { manifestSchema } from './manifest-schema.ts';
