import type { AnnouncedSession } from '@tutti/api';
import type { SapPacket } from './sap-packet.ts';

/** Bounds of the table, against a network that announces without end. */
export const sapTableLimits = {
  sessions: 1024,
  /** Characters of one description. */
  sdp: 4096,
} as const;

/** RFC 2974 section 3.1: a sender of few sessions repeats every 300 s; most audio devices do every 30 s. */
const unknownPeriod = 300_000;
/** No session is forgotten sooner, however often it was announced, in ms. */
const minimumLife = 120_000;
/** Copies of one announcement, heard over two interfaces or sent twice, say nothing about its period. Milliseconds. */
const copyGap = 500;

/** What a packet did to the table. */
export type SapChange =
  | { readonly kind: 'announced'; readonly key: string; readonly isNew: boolean }
  | { readonly kind: 'withdrawn'; readonly key: string }
  | { readonly kind: 'ignored'; readonly reason: 'no-origin' | 'too-long' | 'table-full' | 'unknown' };

interface Entry {
  readonly source: string;
  hash: number;
  sdp: string;
  heard: number;
  /** Milliseconds between announcements, smoothed; undefined until the second one. */
  period: number | undefined;
}

/**
 * The sessions that are announced now. A session is who sends the announcement and its o= line without the version, so a
 * new version replaces the old one, and neither equal hashes (some tools use one hash for everything) nor another
 * machine's announcement can touch it. Times are milliseconds of a monotonic clock.
 */
export class SapTable {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** @param source address the datagram came from */
  receive(packet: SapPacket, source: string, now: number): SapChange {
    if (packet.payload.length > sapTableLimits.sdp) return { kind: 'ignored', reason: 'too-long' };
    return packet.kind === 'announce' ? this.#announce(packet, source, now) : this.#delete(packet, source);
  }

  /** What is known of a session, in the words of the extension API. */
  session(key: string): Omit<AnnouncedSession, 'interface'> | undefined {
    const entry = this.#entries.get(key);
    return entry && { key, sdp: entry.sdp, source: entry.source };
  }

  /** Forgets what was not announced for long and returns its keys. */
  expire(now: number): string[] {
    const expired = [...this.#entries]
      .filter(([, entry]) => now - entry.heard > life(entry))
      .map(([key]) => key);
    for (const key of expired) this.#entries.delete(key);
    return expired;
  }

  #announce({ payload, hash }: SapPacket, source: string, now: number): SapChange {
    const identity = readIdentity(payload);
    if (identity === undefined) return { kind: 'ignored', reason: 'no-origin' };
    const key = `${source} ${identity}`;
    const known = this.#entries.get(key);
    if (!known) {
      if (this.#entries.size >= sapTableLimits.sessions) return { kind: 'ignored', reason: 'table-full' };
      this.#entries.set(key, { source, hash, sdp: payload, heard: now, period: undefined });
      return { kind: 'announced', key, isNew: true };
    }
    const gap = now - known.heard;
    if (gap >= copyGap) known.period = known.period === undefined ? gap : (3 * known.period + gap) / 4;
    known.heard = now;
    known.hash = hash;
    known.sdp = payload;
    return { kind: 'announced', key, isNew: false };
  }

  /**
   * Deletions carry no proof, so only those from the announcer's own address count (RFC 2974 section 5 leaves this to the
   * receiver). The o= line decides, since hashes need not be unique; without one the hash must point at one session only.
   */
  #delete({ payload, hash }: SapPacket, source: string): SapChange {
    const identity = readIdentity(payload);
    const key = identity === undefined ? this.#findByHash(source, hash) : `${source} ${identity}`;
    if (key === undefined || !this.#entries.delete(key)) return { kind: 'ignored', reason: 'unknown' };
    return { kind: 'withdrawn', key };
  }

  #findByHash(source: string, hash: number): string | undefined {
    const found = [...this.#entries].filter(([, entry]) => entry.source === source && entry.hash === hash);
    return found.length === 1 && hash !== 0 ? found[0]?.[0] : undefined;
  }
}

/** Ten periods, at least two minutes; five while the period is only guessed. */
function life(entry: Entry): number {
  return entry.period === undefined ? 5 * unknownPeriod : Math.max(10 * entry.period, minimumLife);
}

/**
 * The o= line without its version: what stays the same over all versions of a session (RFC 8866 section 5.2). A cheap look,
 * not a reading: the core reads the text.
 */
function readIdentity(sdp: string): string | undefined {
  const fields = /(?:^|[\r\n]|^v=0)[ \t]*o=([^\r\n]{1,512})/.exec(sdp)?.[1]?.trim().split(/\s+/);
  if (!fields || fields.length < 6) return undefined;
  return fields.filter((_, i) => i !== 2).join(' ');
}
