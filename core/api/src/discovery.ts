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

/** Fetches session descriptions that a person names by a URL, as in `receiver add --sdp rtsp://...`. */
export interface SessionSource {
  /** Scheme of the URLs, lower case and without colon, as in `rtsp`. */
  readonly scheme: string;
  /**
   * The description as text. Outside data: the core reads it, bounded and leniently.
   *
   * @throws Error with one sentence for a person
   */
  describe(url: string): Promise<string>;
}
