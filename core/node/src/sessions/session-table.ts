import type { AnnouncedSession } from '@tutti/api';
import type { SessionInfo } from '@tutti/common';
import type { SdpProblem, SessionDescription } from '@tutti/model';
import { sessionIdOf, supersedes } from './session-identity.ts';

/** Most sessions that are remembered; the oldest that is gone makes room. */
export const maxSessions = 1024;

/** One announcement, read. */
export interface ReadAnnouncement {
  readonly provider: string;
  readonly announced: AnnouncedSession;
  readonly description: SessionDescription;
  readonly problems: readonly SdpProblem[];
  /** ISO 8601. */
  readonly seen: string;
}

interface Entry {
  readonly id: string;
  description: SessionDescription;
  problems: readonly SdpProblem[];
  sdp: string;
  /** By provider and key. */
  readonly sightings: Map<string, SessionInfo['seenBy'][number]>;
  /** Who saw it last, kept when it is gone. */
  last: SessionInfo['seenBy'];
}

/** What of it is kept on disk. */
export interface RememberedSession {
  readonly sdp: string;
  readonly seenBy: SessionInfo['seenBy'];
}

const sightingKey = (provider: string, key: string): string => `${provider}\0${key}`;

/** Merges announcements into sessions. Pure bookkeeping: no clock, no disk, no events. */
export class SessionTable {
  readonly #entries = new Map<string, Entry>();
  /** Which session a provider's key stands for at present, and its text. */
  readonly #keys = new Map<string, { readonly id: string; readonly sdp: string }>();

  /** The same announcement again: only refreshes "last seen". False if it is new, its text changed, or it may be the one that counts now. */
  refresh(provider: string, announced: AnnouncedSession, seen: string): boolean {
    const known = this.#keys.get(sightingKey(provider, announced.key));
    if (known?.sdp !== announced.sdp) return false;
    const entry = this.#entries.get(known.id);
    const before = entry?.sightings.get(sightingKey(provider, announced.key));
    if (entry === undefined || before === undefined) return false;
    if (entry.sdp !== announced.sdp && !this.#isAnnounced(entry)) return false;
    entry.sightings.set(sightingKey(provider, announced.key), { ...before, lastSeen: seen });
    return true;
  }

  /** Takes an announcement in; true if the session is new or its description is another one now. */
  announce({ provider, announced, description, problems, seen }: ReadAnnouncement): {
    id: string;
    changed: boolean;
  } {
    const id = sessionIdOf(description.origin);
    const key = sightingKey(provider, announced.key);
    if (this.#keys.get(key)?.id !== id) this.withdraw(provider, announced.key);
    const entry = this.#entries.get(id) ?? this.#create(id, announced.sdp, description, problems);
    const isNew = entry.sightings.size === 0 && entry.last.length === 0;
    const sighting = {
      provider,
      ...(announced.interface !== undefined && { interface: announced.interface }),
      ...(announced.source !== undefined && { source: announced.source }),
      ...(announced.url !== undefined && { url: announced.url }),
      lastSeen: seen,
    };
    entry.sightings.set(key, sighting);
    this.#keys.set(key, { id, sdp: announced.sdp });
    let changed = isNew;
    // A device that has forgotten its version begins anew with a low one: that is news, unless somebody still announces what we have.
    const isNews = supersedes(description.origin, entry.description.origin) || !this.#isAnnounced(entry);
    if (entry.sdp !== announced.sdp && isNews) {
      Object.assign(entry, { description, problems, sdp: announced.sdp });
      changed = true;
    }
    return { id, changed };
  }

  /** The same text, understood in another way; true if that is so. Its origin, which it is known by, stays. */
  redescribe(id: string, sdp: string, description: SessionDescription): boolean {
    const entry = this.#entries.get(id);
    if (entry?.sdp !== sdp || sessionIdOf(description.origin) !== id) return false;
    if (JSON.stringify(entry.description) === JSON.stringify(description)) return false;
    entry.description = description;
    return true;
  }

  /** True if something went. */
  withdraw(provider: string, key: string): boolean {
    const full = sightingKey(provider, key);
    const known = this.#keys.get(full);
    if (known === undefined) return false;
    this.#keys.delete(full);
    const entry = this.#entries.get(known.id);
    const sighting = entry?.sightings.get(full);
    entry?.sightings.delete(full);
    if (entry?.sightings.size === 0 && sighting !== undefined) entry.last = [sighting];
    return true;
  }

  withdrawAllOf(provider: string): void {
    for (const full of [...this.#keys.keys()]) {
      const [owner, key] = full.split('\0');
      if (owner === provider && key !== undefined) this.withdraw(provider, key);
    }
  }

  /** Puts back what was on disk: it counts as gone until somebody announces it. */
  remember(
    { sdp, seenBy }: RememberedSession,
    description: SessionDescription,
    problems: readonly SdpProblem[],
  ): void {
    const id = sessionIdOf(description.origin);
    if (this.#entries.has(id)) return;
    this.#create(id, sdp, description, problems).last = seenBy;
  }

  /** Forgets what is gone and was last seen before that time (ISO 8601). */
  forgetBefore(time: string): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.sightings.size === 0 && latest(entry.last) < time) this.#entries.delete(entry.id);
    }
  }

  get(id: string): SessionInfo | undefined {
    const entry = this.#entries.get(id);
    return entry && toInfo(entry);
  }

  list(): readonly SessionInfo[] {
    return [...this.#entries.values()].map(toInfo);
  }

  /** Whether anybody announces the text that we have of it. */
  #isAnnounced({ sdp, sightings }: Entry): boolean {
    return [...sightings.keys()].some((key) => this.#keys.get(key)?.sdp === sdp);
  }

  #create(id: string, sdp: string, description: SessionDescription, problems: readonly SdpProblem[]): Entry {
    if (this.#entries.size >= maxSessions) this.#makeRoom();
    const entry: Entry = { id, description, problems, sdp, sightings: new Map(), last: [] };
    this.#entries.set(id, entry);
    return entry;
  }

  #makeRoom(): void {
    const entries = [...this.#entries.values()];
    const gone = entries.filter((each) => each.sightings.size === 0);
    const oldest = (gone.length > 0 ? gone : entries).reduce((a, b) => (latestOf(a) <= latestOf(b) ? a : b));
    for (const key of oldest.sightings.keys()) this.#keys.delete(key);
    this.#entries.delete(oldest.id);
  }
}

const latest = (seenBy: SessionInfo['seenBy']): string =>
  seenBy.reduce((time, each) => (each.lastSeen > time ? each.lastSeen : time), '');

const latestOf = (entry: Entry): string => latest([...entry.sightings.values(), ...entry.last]);

function toInfo(entry: Entry): SessionInfo {
  const announced = entry.sightings.size > 0;
  return {
    id: entry.id,
    name: entry.description.name,
    description: entry.description,
    sdp: entry.sdp,
    problems: entry.problems,
    seenBy: announced ? [...entry.sightings.values()] : entry.last,
    state: announced ? 'announced' : 'gone',
  };
}
