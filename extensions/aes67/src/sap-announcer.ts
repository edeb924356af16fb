import type { PublishedSession, SessionPublisher, TuttiApi } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { readSapConfiguration, sapKeys, type SapConfiguration } from './configuration.ts';
import { sapPort } from './sap-constants.ts';
import { writeSapPacket, type SapPacket } from './sap-packet.ts';
import { SapSendSockets } from './sap-send-sockets.ts';

/** A withdrawal is said three times, a second apart: nobody acknowledges it. */
const deletions = 3;
const deletionGap = 1_000;

/** A session that is being announced, or being withdrawn. */
interface Announcement {
  readonly session: PublishedSession;
  readonly hash: number;
  timer?: NodeJS.Timeout;
  /** Deletions still to be sent; absent while it is announced. */
  deletionsLeft?: number;
}

/**
 * Announces our senders by SAP (RFC 2974): at once when one is new or changed, then every interval. A changed description
 * gets a new hash and no deletion of the old one: listeners match it by o=, and a deletion might take the new one along.
 */
export class SapAnnouncer implements SessionPublisher, Disposable {
  readonly id = 'sap';
  readonly #api: TuttiApi;
  readonly #port: number;
  readonly #sockets: SapSendSockets;
  readonly #announcements = new Map<string, Announcement>();
  readonly #subscriptions: readonly Disposable[];
  #configuration: SapConfiguration;

  /** @param port other than 9875 in tests only */
  constructor(api: TuttiApi, port = sapPort) {
    this.#api = api;
    this.#port = port;
    this.#sockets = new SapSendSockets(api.log);
    this.#configuration = readSapConfiguration(api);
    this.#subscriptions = [
      api.configuration.onDidChange((keys) => {
        if (keys.includes(sapKeys.group) || keys.includes(sapKeys.intervalSeconds)) this.#reconfigure();
      }),
      // An interface that came back is another one to the kernel, even with the old address.
      api.network.onDidChangeInterfaces(() => {
        this.#sockets.renew();
        this.#announceAll();
      }),
    ];
  }

  /** Resolves when what is new has been handed to the network. Never rejects: failures are logged and tried again. */
  async publish(sessions: readonly PublishedSession[]): Promise<void> {
    const wanted = new Map(sessions.map((session) => [session.id, session]));
    for (const [id, announcement] of this.#announcements) {
      if (!wanted.has(id) && announcement.deletionsLeft === undefined) this.#withdraw(id, announcement);
    }
    await Promise.all([...wanted.values()].map((session) => this.#announce(session)));
  }

  /** Announces everything now, whenever it would have been due. @returns how many sessions. */
  announceNow(): number {
    this.#announceAll();
    return [...this.#announcements.values()].filter((each) => each.deletionsLeft === undefined).length;
  }

  /** Withdraws everything, once, and stops. */
  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    const last = [...this.#announcements.values()].map((announcement) => {
      clearTimeout(announcement.timer);
      return this.#send('delete', announcement);
    });
    this.#announcements.clear();
    void Promise.all(last).then(() => this.#sockets.dispose());
  }

  async #announce(session: PublishedSession): Promise<void> {
    const known = this.#announcements.get(session.id);
    const same =
      known?.deletionsLeft === undefined &&
      known?.session.sdp === session.sdp &&
      known.session.interfaceAddress === session.interfaceAddress;
    if (same) return;
    clearTimeout(known?.timer);
    // Another address is another announcer: what it said before must be taken back in its name.
    if (known && known.session.interfaceAddress !== session.interfaceAddress)
      void this.#send('delete', known);
    const announcement: Announcement = { session, hash: hashOf(session.sdp) };
    this.#announcements.set(session.id, announcement);
    await this.#repeat(announcement);
  }

  async #repeat(announcement: Announcement): Promise<void> {
    const interval = this.#configuration.intervalSeconds * 1000;
    announcement.timer = setTimeout(() => void this.#repeat(announcement), interval).unref();
    await this.#send('announce', announcement);
  }

  #withdraw(id: string, announcement: Announcement): void {
    clearTimeout(announcement.timer);
    announcement.deletionsLeft = (announcement.deletionsLeft ?? deletions) - 1;
    void this.#send('delete', announcement);
    if (announcement.deletionsLeft === 0) this.#announcements.delete(id);
    else announcement.timer = setTimeout(() => this.#withdraw(id, announcement), deletionGap).unref();
  }

  #reconfigure(): void {
    const before = this.#configuration;
    this.#configuration = readSapConfiguration(this.#api);
    if (before.group !== this.#configuration.group) {
      for (const announcement of this.#announcements.values()) {
        void this.#send('delete', announcement, before.group);
      }
    }
    this.#announceAll();
  }

  /** Announces everything now, and then every interval from now on. */
  #announceAll(): void {
    for (const announcement of this.#announcements.values()) {
      if (announcement.deletionsLeft !== undefined) continue;
      clearTimeout(announcement.timer);
      void this.#repeat(announcement);
    }
  }

  async #send(
    kind: SapPacket['kind'],
    { session, hash }: Announcement,
    group = this.#configuration.group,
  ): Promise<void> {
    const { sdp: payload, interfaceAddress } = session;
    const packet = writeSapPacket({ kind, hash, origin: interfaceAddress, payload });
    if (packet.ok) await this.#sockets.send(packet.value, interfaceAddress, group, this.#port);
    else this.#api.log.error('sap.not-announced', packet.error.message, { sender: session.id });
  }
}

/** Sixteen bits of the text (FNV-1a, folded), stable for one version of it and never 0, which means "no hash". */
function hashOf(sdp: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(sdp, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return (hash >>> 16) ^ (hash & 0xffff) || 1;
}
