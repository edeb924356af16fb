import type { RemoteInfo } from 'node:dgram';
import type { DiscoveryProvider, DiscoverySink, NetworkInterface, TuttiApi } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { inSameSubnet } from '@tutti/model';
import { readSapConfiguration, sapKeys } from './configuration.ts';
import { RateLimit } from './rate-limit.ts';
import { sapPort } from './sap-constants.ts';
import { SapGroupSocket } from './sap-group-socket.ts';
import { readSapPacket } from './sap-packet.ts';
import { SapTable } from './sap-table.ts';

/** Milliseconds between looks for expired sessions. */
const expiryCheck = 1_000;
/** Milliseconds between log lines that say the same about packets. */
const quietTime = 60_000;
/** Packets a second in the long run, and at once: a thousand sessions that are all announced together still pass. */
const packetRate = { perSecond: 200, burst: 2048 };

/** Finds sessions by listening to SAP (RFC 2974) on every configured group and interface. */
export class SapListener implements DiscoveryProvider {
  readonly id = 'sap';
  readonly #api: TuttiApi;
  readonly #port: number;
  readonly #onCount: (sessions: number) => void;

  /**
   * @param port other than 9875 in tests only
   * @param onCount called with the number of sessions that are announced, whenever it changes
   */
  constructor(api: TuttiApi, port = sapPort, onCount: (sessions: number) => void = () => undefined) {
    this.#api = api;
    this.#port = port;
    this.#onCount = onCount;
  }

  /** Resolves when it listens. Disposing stops and reports nothing more; a later start begins with an empty table. */
  async start(sink: DiscoverySink): Promise<Disposable> {
    const listening = new Listening(this.#api, this.#port, counting(sink, this.#onCount));
    await listening.open();
    return listening;
  }
}

/** The sink, with a count of what is announced to it. */
function counting(sink: DiscoverySink, onCount: (sessions: number) => void): DiscoverySink {
  const keys = new Set<string>();
  onCount(0);
  return {
    announced: (session) => {
      sink.announced(session);
      if (!keys.has(session.key)) onCount(keys.add(session.key).size);
    },
    withdrawn: (key) => {
      sink.withdrawn(key);
      if (keys.delete(key)) onCount(keys.size);
    },
  };
}

/** One time between start and disposal. */
class Listening implements Disposable {
  readonly #api: TuttiApi;
  readonly #port: number;
  readonly #sink: DiscoverySink;
  readonly #table = new SapTable();
  readonly #rateLimit = new RateLimit(packetRate.perSecond, packetRate.burst);
  readonly #lastLogged = new Map<string, number>();
  readonly #subscriptions: Disposable[];
  readonly #expiry: NodeJS.Timeout;
  #sockets: SapGroupSocket[] = [];
  #disposed = false;

  constructor(api: TuttiApi, port: number, sink: DiscoverySink) {
    this.#api = api;
    this.#port = port;
    this.#sink = sink;
    this.#expiry = setInterval(() => this.#expire(), expiryCheck);
    this.#expiry.unref();
    this.#subscriptions = [
      api.network.onDidChangeInterfaces((interfaces) => {
        for (const socket of this.#sockets) socket.setInterfaces(interfaces);
      }),
      api.configuration.onDidChange((keys) => {
        if (keys.includes(sapKeys.listen)) void this.open();
      }),
    ];
  }

  /** Opens the sockets anew, for the groups that are configured now. */
  async open(): Promise<void> {
    for (const socket of this.#sockets) socket.dispose();
    this.#sockets = readSapConfiguration(this.#api).listen.map(
      (group) =>
        new SapGroupSocket({
          group,
          port: this.#port,
          log: this.#api.log,
          onMessage: (bytes, from) => this.#receive(bytes, from),
        }),
    );
    const interfaces = this.#api.network.interfaces();
    await Promise.all(this.#sockets.map((socket) => socket.open(interfaces)));
  }

  dispose(): void {
    this.#disposed = true;
    clearInterval(this.#expiry);
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const socket of this.#sockets) socket.dispose();
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    if (this.#disposed) return;
    const now = performance.now();
    if (!this.#rateLimit.admit(now)) {
      this.#logSeldom('sap.flood', 'More announcements arrive than are read; some are dropped.', {}, now);
      return;
    }
    const packet = readSapPacket(bytes);
    if (!packet.ok) {
      const { code, message } = packet.error;
      this.#logSeldom(
        'sap.bad-packet',
        `A message from ${from.address} is ignored: ${message}`,
        { code },
        now,
      );
      return;
    }
    const change = this.#table.receive(packet.value, from.address, now);
    switch (change.kind) {
      case 'announced':
        this.#report(change.key, from.address);
        break;
      case 'withdrawn':
        this.#sink.withdrawn(change.key);
        break;
      case 'ignored':
        // Deletions are sent several times: the second one finds nothing.
        if (change.reason === 'unknown') break;
        this.#logSeldom(
          'sap.announcement-ignored',
          `An announcement from ${from.address} is ignored: ${ignored[change.reason]}`,
          { reason: change.reason },
          now,
        );
    }
  }

  #report(key: string, source: string): void {
    const session = this.#table.session(key);
    const heardOn = this.#interfaceTowards(source);
    if (session) this.#sink.announced({ ...session, ...(heardOn ? { interface: heardOn.name } : {}) });
  }

  /** Node does not say on which interface a datagram arrived; that of the source's subnet is the likely one. */
  #interfaceTowards(source: string): NetworkInterface | undefined {
    const interfaces = this.#api.network.interfaces();
    const near = interfaces.find((item) => inSameSubnet(item.address, source, item.netmask));
    return near ?? (interfaces.length === 1 ? interfaces[0] : undefined);
  }

  #expire(): void {
    for (const key of this.#table.expire(performance.now())) this.#sink.withdrawn(key);
  }

  /** Whoever floods the network must not flood the log. */
  #logSeldom(code: string, message: string, fields: Readonly<Record<string, unknown>>, now: number): void {
    const topic = `${code} ${JSON.stringify(fields)}`;
    if (now - (this.#lastLogged.get(topic) ?? -Infinity) < quietTime) return;
    this.#lastLogged.set(topic, now);
    this.#api.log.warn(code, message, fields);
  }
}

const ignored = {
  'no-origin': 'it has no o= line.',
  'too-long': 'its description is longer than 4096 characters.',
  'table-full': '1024 sessions are known already.',
} as const;
