import type { Problem } from '@tutti/base';
import type { SessionDescription, SdpProblem } from '@tutti/model';
import type { ShowLockInfo } from './access.ts';
import type { TimingKind } from './engine-plan.ts';
import type { ClockState, DeviceClient, EngineNotice } from './engine-protocol.ts';
import type { ReceiverHealth } from './receiver-health.ts';

/**
 * Data of the host API, `/api/v1` over HTTP and its WebSocket: what the workbench, the command line and everybody's
 * automation see. Channels count from 1 here, as on every label a person reads.
 *
 *   GET    /status                                 StatusInfo
 *   POST   /stop                                   ends host and engine
 *   GET    /sessions            /sessions/:id      SessionInfo
 *   GET    /receivers           /receivers/:id     ReceiverInfo       POST AddReceiver   DELETE /receivers/:id
 *                                                    PATCH /receivers/:id ChangeReceiver
 *   GET    /receivers/:id/arrivals                 Arrivals
 *   GET    /senders             /senders/:id       SenderInfo         POST AddSender     DELETE /senders/:id
 *                                                    PATCH /senders/:id ChangeSender
 *   GET    /senders/:id/sdp     text: application/sdp
 *   GET    /routes              RouteInfo[]        POST /routes/set RouteInfo[]   POST /routes/clear RouteInfo[]
 *   POST   /routes/patch        PatchRequest -> PatchReply
 *   GET    /clock               ClockInfo          POST /clock/use { source, options? }
 *   GET    /clock/report?since= ClockDetails       (history after that time only)
 *   GET    /clock/sources       ClockSourceInfo[]
 *   GET    /device              DeviceInfo         PATCH /device { rate?, name? }
 *   GET    /extensions          ExtensionInfo[]    POST /extensions/install { path, trustNative? }
 *   POST   /extensions/:id/enable                  POST /extensions/:id/disable { force? }
 *   DELETE /extensions/:id?force=true              GET  /extensions/:id/impact   ExtensionImpact
 *   GET    /doctor              CheckInfo[]        GET /doctor/:receiver
 *   POST   /sdp/check           text -> SdpReadResult
 *   GET    /contributions       ContributionsInfo, texts in the languages of Accept-Language
 *   POST   /commands/:id        RunCommand -> CommandResult; hanging up cancels the command
 *   GET    /views/:id           ViewInfo           GET /views/:id/children?parent=ITEM   TreeItem[]
 *   GET    /views/:id/rows?offset&limit&sort&descending   { total, rows: TableRow[] }
 *   POST   /views/:id/messages  { message } -> { result }: from the page of a web view to its extension
 *   GET    /events?after=SEQ    EventList          what happened, the last 10,000 of this run
 *   GET    /logs/engine         text: the end of the engine's log
 *   GET    /settings            SettingsInfo       PATCH /settings ChangeSettings
 *   GET    /settings/file       text, with an ETag PUT /settings/file text, with If-Match
 *   POST   /extensions/upload   a package as application/octet-stream; ?trustNative=true
 *   GET    /sign-in             SignInInfo         POST /sign-in { password }    DELETE /sign-in
 *   GET    /access              AccessInfo         PUT  /access/passwords/:role { password }   DELETE the same
 *   PUT    /lock                { locked, note? }  what is locked answers every change with problem `locked`
 *   GET    /ws                  WebSocket: text frames StateMessage, EventsMessage and ContributionMessage
 *   GET    /levels              WebSocket: binary frames, the levels of the device's channels (see encodeMeterFrame)
 *
 * The page of a web view lies at the `url` of its ViewInfo, outside /api/v1.
 *
 * Every request but those of /sign-in carries `Authorization: Bearer TOKEN` or the cookie `tutti-PORT`, which
 * `GET /?token=TOKEN` or signing in sets. A viewer may ask and not change.
 * Errors are RFC 9457 problems: application/problem+json with {@link ApiProblem}.
 */
export interface ApiProblem extends Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
}

/** An engine that is held up for longer than this, ms, is told of: it takes more than many link offsets leave to the network. */
export const longHoldupMs = 10;

export interface StatusInfo {
  readonly version: string;
  /** Of the page on this machine, without the token. */
  readonly url: string;
  readonly pid: number;
  readonly engine: { readonly state: 'running' | 'starting' | 'down'; readonly pid?: number };
  readonly interfaces: readonly { readonly name: string; readonly address: string }[];
  readonly notices: readonly EngineNotice[];
  readonly clock: ClockInfo;
  readonly device: DeviceInfo;
  /** Share of one core that the audio thread uses, 0 to 1. */
  readonly engineLoad: number;
  /** The longest that the audio thread was held up within the last ten seconds, whole ms; 0 while the engine does not run. */
  readonly engineHeldUpMs: number;
  /** The show is locked: changes are refused. */
  readonly lock?: ShowLockInfo;
}

export interface SessionInfo {
  /** Stable while it is the same session: derived from the origin. */
  readonly id: string;
  readonly name: string;
  readonly description: SessionDescription;
  readonly sdp: string;
  readonly problems: readonly SdpProblem[];
  /** Every provider that sees it. */
  readonly seenBy: readonly {
    readonly provider: string;
    readonly interface?: string;
    readonly source?: string;
    /** Where it is described. */
    readonly url?: string;
    /** ISO 8601, UTC. */
    readonly lastSeen: string;
  }[];
  /** `announced` by somebody now, or only remembered. */
  readonly state: 'announced' | 'gone';
  /** Ours: the sender that publishes it. */
  readonly senderId?: string;
}

export type RunState =
  /** In force and doing its work. */
  | 'running'
  /** In force, but no packet has come (receiver) or none could leave (sender) lately. */
  | 'waiting'
  /** Not in force: `problem` says why. Tried again by itself. */
  | 'failed';

/** Counters since the stream was put in force. Names are those of the engine's telemetry. */
export type Counters = Readonly<Record<string, number>>;

/** A stream that carries DSD. */
export interface DsdInfo {
  /** `DSD64`. */
  readonly name: string;
  /** Bits a second of one channel. */
  readonly rate: number;
  /**
   * What the device's channels carry: `dop`, its words bit for bit, which no meter understands; `pcm`, what was converted.
   */
  readonly as: 'dop' | 'pcm';
}

export interface ReceiverInfo {
  readonly id: string;
  readonly name: string;
  readonly sessionId?: string;
  /** Where its description was fetched, and is followed. */
  readonly url?: string;
  /** Which stream of the session, from 0. */
  readonly stream: number;
  readonly state: RunState;
  readonly problem?: Problem;
  readonly encoding: string;
  /** What reads it: its encoding's codec, or one for what hides inside. */
  readonly codec: string;
  /** Of a stream that was found to carry DSD. */
  readonly dsd?: DsdInfo;
  readonly rate: number;
  readonly channels: number;
  readonly framesPerPacket?: number;
  /** Where packets come to: groups, or an address of this machine. */
  readonly legs: readonly { readonly address: string; readonly port: number; readonly interface: string }[];
  readonly timing: TimingKind;
  readonly linkOffsetMs: number;
  /** `[stream channel, device input]`, from 1. */
  readonly map: readonly (readonly [number, number])[];
  readonly channelLabels: readonly string[];
  readonly counters: Counters;
  readonly health: ReceiverHealth;
}

export interface AddReceiver {
  readonly sessionId?: string;
  readonly sdp?: string;
  /** Where the description is to be had, as in `rtsp://host/by-name/Main`; an extension must know its scheme. */
  readonly url?: string;
  /** Which stream of the session, from 0. */
  readonly stream?: number;
  /** As on the command line, `1-8:17-24`; absent: in order, to the first free inputs. */
  readonly map?: string;
  readonly linkOffsetMs?: number;
  readonly timing?: 'auto' | TimingKind;
  /** A codec that reads the stream's encoding, as `L24`, `DOP`, `DOP-PCM`; `auto` or absent: the one that fits. */
  readonly codec?: string;
  readonly interface?: string;
  readonly name?: string;
}

/** What is absent stays as it is. */
export interface ChangeReceiver {
  readonly name?: string;
  /** Null: the default for its timing. */
  readonly linkOffsetMs?: number | null;
  readonly timing?: AddReceiver['timing'];
  readonly codec?: string;
}

export interface SenderInfo {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly problem?: Problem;
  readonly encoding: string;
  /** Of outputs that were found to carry DSD. */
  readonly dsd?: DsdInfo;
  readonly rate: number;
  readonly channels: number;
  readonly framesPerPacket: number;
  readonly payloadType: number;
  readonly legs: readonly { readonly address: string; readonly port: number; readonly interface: string }[];
  readonly dscp: number;
  readonly ttl: number;
  /** `[device output, stream channel]`, from 1. */
  readonly map: readonly (readonly [number, number])[];
  readonly counters: Counters;
}

export interface AddSender {
  readonly name: string;
  /** Device outputs, from 1, as `1-8` or `1,3,5`. */
  readonly channels: string;
  /** L24 unless given. */
  readonly format?: string;
  /** Milliseconds; 1 unless given. */
  readonly ptime?: number;
  /** `239.x.y.z` or `239.x.y.z:5004`; `239.x.0.0/16` for a free group of that network; chosen unless given. */
  readonly dest?: string;
  readonly interface?: string;
  readonly payloadType?: number;
  readonly dscp?: number;
  readonly ttl?: number;
  /** Lets device outputs be sent that another sender sends already; without it that is a conflict. */
  readonly share?: boolean;
}

/** What is absent stays as it is; the session stays the same one, with a new version. */
export type ChangeSender = Partial<Pick<AddSender, 'name' | 'format' | 'ptime' | 'dest'>>;

/** One crosspoint, from 1. Exactly one of `input` (with a receiver) and `output` (with a sender). */
export interface RouteInfo {
  readonly receiverId?: string;
  readonly senderId?: string;
  readonly channel: number;
  readonly input?: number;
  readonly output?: number;
}

/**
 * One step of patching, all or nothing, in this order: `clear`, `remove`, `receive`, `set`. What a person does in one
 * gesture is one of these, so that it is also undone in one.
 */
export interface PatchRequest {
  /** Routes that must be there. */
  readonly clear?: readonly RouteInfo[];
  /** Receivers to remove; `conflict` if one has routes that `clear` does not name: somebody else uses it. */
  readonly remove?: readonly string[];
  /** Receivers to make; at most 128. */
  readonly receive?: readonly AddReceiver[];
  readonly set?: readonly RouteInfo[];
  /** Only tells whether it could be done: the problem, or what would be. Nothing changes. */
  readonly dryRun?: boolean;
}

export interface PatchReply {
  /** Receivers that were made, in the order of `receive`; none after a dry run. */
  readonly receivers: readonly ReceiverInfo[];
  /** The step back. It does not make a removed receiver again: that is the first request once more. */
  readonly undo: PatchRequest;
}

export interface ClockInfo {
  readonly source: string;
  readonly state: ClockState;
  readonly grandmaster?: string;
  readonly domain?: number;
  readonly ptpVersion?: string;
  readonly mediaTime: string;
  readonly steps: number;
  readonly errorNs?: number;
}

export interface ClockSourceInfo {
  readonly id: string;
  readonly extension: string;
  readonly active: boolean;
}

export interface DeviceInfo {
  readonly name: string;
  readonly rate: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly clients: readonly DeviceClient[];
  readonly driver: DriverInfo;
}

/** What makes the device visible to applications. */
export interface DriverInfo {
  readonly kind: 'ALSA' | 'Core Audio';
  /** Its library is there. */
  readonly isInstalled: boolean;
  readonly library: string;
  /** File of the shared memory that it maps. */
  readonly region: string;
}

/** Where an extension is in its life. Who is not disabled or quarantined goes on to `active` by itself: at once, or when it is wanted. */
export type ExtensionState =
  /** It contributes; its code runs from when somebody wants it. */
  | 'registered'
  | 'activating'
  | 'active'
  | 'deactivating'
  /** Not in use: `reason` says why. */
  | 'disabled'
  /** It was in use and may not be any more, until a person enables it: `reason` says why. */
  | 'quarantined';

export type ExtensionReason =
  | 'byUser'
  /** Its manifest is not valid. */
  | 'invalid'
  /** Made for another version of Tutti. */
  | 'engine'
  /** Its native library is for another ABI, or is not there for this platform. */
  | 'abi'
  | 'missingDependency'
  | 'dependencyCycle'
  | 'dependencyDisabled'
  /** Another extension of this id is in use. */
  | 'duplicate'
  /** It has native code from outside and nobody said that it may be loaded. */
  | 'untrusted'
  | 'activationFailed'
  | 'crashed'
  | 'unresponsive'
  | 'safeMode';

export interface ExtensionInfo {
  /** `publisher.name`. */
  readonly id: string;
  readonly displayName: string;
  readonly description?: string;
  readonly version: string;
  readonly origin: 'builtIn' | 'installed' | 'development';
  readonly state: ExtensionState;
  readonly reason?: ExtensionReason;
  readonly problem?: Problem;
  /** Ids of what must be active before it. */
  readonly dependencies: readonly string[];
  readonly permissions: readonly string[];
  /** `codec L24`, `clock ptp`, `discovery sap`. */
  readonly contributions: readonly string[];
}

/** What would stop with an extension. */
export interface ExtensionImpact {
  /** Extensions that depend on it, in the order in which they would be deactivated. */
  readonly dependents: readonly string[];
  /** Receivers and senders in use that could not go on. */
  readonly receivers: readonly string[];
  readonly senders: readonly string[];
  /** The media clock comes from it. */
  readonly clock: boolean;
}

export interface CheckInfo {
  /** Link, connection, synchronisation, stream, mapping, signal, in this order. */
  readonly check: string;
  readonly result: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  readonly fix?: string;
}

/** One change of state, as the host's log has it. */
export interface EventInfo {
  /** Rises by one with each event of a run of the host. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly level: 'info' | 'warning' | 'error';
  /** Stable, as `engine.attached`. */
  readonly code: string;
  readonly message: string;
  /** `host`, or the id of the extension that says it. */
  readonly source: string;
}

export interface EventList {
  /** Tells runs of the host apart: sequence numbers start anew with each. */
  readonly run: string;
  /** Oldest first. */
  readonly events: readonly EventInfo[];
}

export interface SettingInfo {
  readonly key: string;
  /** JSON Schema (draft 7) with `default`, and `description` for a person. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** In force: what the file says if that is valid, else the default. */
  readonly value: unknown;
  /** The file says something about it. */
  readonly isSet: boolean;
  /** `tutti`, or the id of the extension whose setting it is. */
  readonly source: string;
  /** What is wrong with what the file says. */
  readonly problem?: Problem;
}

export interface SettingsInfo {
  /** Where they are kept; a person may edit the file. */
  readonly path: string;
  /** Why the file as it is now could not be read: the settings before are in force. */
  readonly problem?: Problem;
  readonly settings: readonly SettingInfo[];
}

/** Values by key; null takes a setting back to its default. All of them or none. */
export type ChangeSettings = Readonly<Record<string, unknown>>;

/** Events as they happen. A gap in the numbers is for the receiver to fill with GET /events. */
export interface EventsMessage extends EventList {
  readonly kind: 'events';
}

/** Everything a page shows, in one snapshot and then in parts that replace what they name. */
export type StateMessage =
  | { readonly kind: 'snapshot'; readonly state: HostState }
  | { readonly kind: 'delta'; readonly state: Partial<HostState> };

export interface HostState {
  readonly status: StatusInfo;
  readonly sessions: readonly SessionInfo[];
  readonly receivers: readonly ReceiverInfo[];
  readonly senders: readonly SenderInfo[];
  readonly extensions: readonly ExtensionInfo[];
  readonly settings: SettingsInfo;
}
