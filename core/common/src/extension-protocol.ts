import type { AnnouncedSession, NetworkInterface, PublishedSession } from '@tutti/api';
import type { Problem } from '@tutti/base';
import type { SessionDescription } from '@tutti/model';

/**
 * JSON-RPC 2.0 between host and extension host (vscode-jsonrpc over the fork's channel). The host starts the process and
 * says what to activate; the process reports what extensions register. Handles are numbers of the extension host's own,
 * never used twice. Control plane only.
 */
export const extensionMethods = {
  /** Host to extension host: {@link ActivateRequest} -> {@link ActivateReply}. */
  activate: 'extension/activate',
  /** Host to extension host: extension id -> nothing. Unregisters everything of it. */
  deactivate: 'extension/deactivate',
  /** Host to extension host, twice a second: nothing -> {@link PingReply}. Who does not answer is stuck. */
  ping: 'exthost/ping',
  /** Host to extension host, handle -> nothing. */
  startProvider: 'discovery/start',
  stopProvider: 'discovery/stop',
  /** Host to extension host: {@link DescribeRequest} -> string. */
  describe: 'discovery/describe',
  /** Host to extension host: {@link PublishRequest} -> nothing. */
  publish: 'publishing/publish',
  /** Host to extension host: {@link SessionParsedRequest} -> SessionDescription. */
  sessionParsed: 'hooks/sessionParsed',
  /** Host to extension host: {@link SdpWillPublishRequest} -> string. */
  sdpWillPublish: 'hooks/sdpWillPublish',
  /** Notification to the extension host: interfaces that may be used. */
  interfaces: 'network/interfaces',
  /** Notification to the extension host: {@link ConfigurationChange}. */
  configuration: 'configuration/changed',
  /** Notifications from the extension host. */
  registered: 'registry/registered',
  unregistered: 'registry/unregistered',
  announced: 'discovery/announced',
  withdrawn: 'discovery/withdrawn',
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

export type RegistrationKind = 'discovery' | 'source' | 'publisher' | 'sessionParsed' | 'sdpWillPublish';

export interface Registration {
  readonly handle: number;
  readonly extension: string;
  readonly kind: RegistrationKind;
  /** Id of the provider or publisher; scheme of a source; for a hook, the extension. */
  readonly id: string;
}

export interface Announcement {
  readonly handle: number;
  readonly session: AnnouncedSession;
}

export interface Withdrawal {
  readonly handle: number;
  readonly key: string;
}

export interface DescribeRequest {
  readonly handle: number;
  readonly url: string;
}

export interface PublishRequest {
  readonly handle: number;
  readonly sessions: readonly PublishedSession[];
}

export interface SessionParsedRequest {
  readonly handle: number;
  readonly session: SessionDescription;
  readonly sdp: string;
}

export interface SdpWillPublishRequest {
  readonly handle: number;
  readonly sdp: string;
  readonly senderId: string;
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
