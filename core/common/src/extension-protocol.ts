import type { CommandArguments, NetworkInterface } from '@tutti/api';
import type { Problem } from '@tutti/base';

/**
 * JSON-RPC 2.0 between host and extension host (vscode-jsonrpc over the fork's channel). The host starts the process and
 * says what to activate; the process reports what extensions register. What is registered is an object behind a handle:
 * the host calls its methods, it emits events. Handles are numbers of the extension host's own, never used twice. Control
 * plane only. A request whose sender gives up is cancelled (`$/cancelRequest`).
 */
export const extensionMethods = {
  /** Host to extension host: {@link ActivateRequest} -> {@link ActivateReply}. */
  activate: 'extension/activate',
  /** Host to extension host: extension id -> nothing. Unregisters everything of it. */
  deactivate: 'extension/deactivate',
  /** Host to extension host, twice a second: nothing -> {@link PingReply}. Who does not answer is stuck. */
  ping: 'exthost/ping',
  /** Host to extension host: {@link CallRequest} -> what the method returns. */
  call: 'handle/call',
  /** Extension host to host: {@link ExecuteRequest} -> what the command returns. */
  execute: 'commands/execute',
  /** Notification to the extension host: interfaces that may be used. */
  interfaces: 'network/interfaces',
  /** Notification to the extension host: {@link ConfigurationChange}. */
  configuration: 'configuration/changed',
  /** Notifications from the extension host: {@link Registration}, handle, {@link Emission}, {@link ExtensionLogLine}. */
  registered: 'registry/registered',
  unregistered: 'registry/unregistered',
  emitted: 'handle/emitted',
  log: 'log/line',
} as const;

export interface ActivateRequest {
  /** `publisher.name`. */
  readonly id: string;
  /** Absolute path of the main module. */
  readonly main: string;
  readonly version: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly interfaces: readonly NetworkInterface[];
}

export interface ActivateReply {
  readonly problem?: Problem;
}

export interface PingReply {
  /** Memory of the process. */
  readonly residentBytes: number;
}

/** Methods and events of what lies behind a handle, by kind; arguments and values as in `@tutti/api`. */
export const registrationKinds = {
  /** Emits `announced` and `withdrawn`. */
  discovery: ['start', 'stop'],
  /** Receptions have numbers of the host's. Emits `described`, `opened`, `failed`: {@link ReceptionEmission}. */
  source: ['describe', 'receive', 'release'],
  publisher: ['publish'],
  sessionParsed: ['tap'],
  receiverWillStart: ['tap'],
  senderWillStart: ['tap'],
  sdpWillPublish: ['tap'],
  shutdown: ['tap'],
  command: ['run'],
  /** Emits `changed`. */
  tree: ['children'],
  /** Emits `changed`. */
  table: ['rows'],
  /** Emits `posted`. */
  web: ['message'],
  /** Emits `updated`. */
  statusItem: [],
  diagnosis: ['check'],
  hal: ['start', 'stop'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type RegistrationKind = keyof typeof registrationKinds;

export interface Registration {
  readonly handle: number;
  readonly extension: string;
  readonly kind: RegistrationKind;
  /** As the manifest names it; for a hook, the extension. */
  readonly id: string;
}

export interface CallRequest {
  readonly handle: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Emission {
  readonly handle: number;
  readonly event: string;
  readonly value: unknown;
}

/** What a source says about one reception. */
export interface ReceptionEmission {
  readonly reception: number;
  /** The description, or the reason. */
  readonly text?: string;
}

export interface ExecuteRequest {
  /** Who asks. */
  readonly extension: string;
  readonly command: string;
  readonly args: CommandArguments;
}

export interface ConfigurationChange {
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly keys: readonly string[];
}

export interface ExtensionLogLine {
  readonly extension: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly code: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}
