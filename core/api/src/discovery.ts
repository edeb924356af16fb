import type { Disposable } from '@tutti/base';

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
  /**
   * Where it is described, if a {@link SessionSource} knows the scheme: a stream of it that is sent on request is asked for
   * there.
   */
  readonly url?: string;
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

/** What a receiver that was made from a URL wants of it, for as long as there is that receiver. */
export interface Reception {
  /** With user and password, where there are any: the core shows and exports it without them. */
  readonly url: string;
  /** How its stream is to come; absent when it comes anyway, to a group: then only the description is followed. */
  readonly transport?: ReceptionTransport;
}

/** Where a stream is to be sent that is sent on request (RTSP by unicast). */
export interface ReceptionTransport {
  /** The stream's `a=control`, as the description says it. */
  readonly control: string;
  /** IPv4 address of this machine that packets are expected at. */
  readonly address: string;
  /** UDP port there, an even one, on which the core listens already; the next one, for RTCP, is the extension's. */
  readonly port: number;
}

/** Where a {@link SessionSource} says how a {@link Reception} goes. Calls are cheap and never throw. */
export interface ReceptionSink {
  /** The description, as often as it is fetched or announced; the core looks whether it is another one. */
  described(sdp: string): void;
  /** The other side agreed to send. */
  opened(): void;
  /** It does not at present, or cannot be asked; one sentence for a person. The extension tries again by itself. */
  failed(reason: string): void;
}

/** Fetches session descriptions that a person names by a URL, as in `receiver add --sdp rtsp://...`. */
export interface SessionSource {
  /** Scheme of the URLs, lower case and without colon, as in `rtsp`. */
  readonly scheme: string;
  /**
   * The description as text. Outside data: the core reads it, bounded and leniently.
   *
   * @param url with the user and password that it was given with; what is thrown and logged must not repeat them
   * @throws Error with one sentence for a person
   */
  describe(url: string): Promise<string>;
  /**
   * Follows the description behind a receiver's URL, and with a transport has its stream sent, until it is disposed. Resolves
   * at once: what takes time is told to the sink.
   *
   * Without this method descriptions are fetched once, and streams that are sent on request cannot be received.
   */
  receive?(reception: Reception, sink: ReceptionSink): Promise<Disposable>;
}
