import { hostname } from 'node:os';
import type { MdnsRegistration, PublishedSession, SessionPublisher, TuttiApi } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { readSdp } from '@tutti/model';
import { deviceSubtype, rtspType, sessionSubtype } from './ravenna-discovery.ts';
import { RtspServer, type ServedSession } from './rtsp-server.ts';

export const ravennaKeys = { advertise: 'ravenna.advertise', port: 'ravenna.rtsp.port' } as const;

/** A session that is advertised. */
interface Advertised {
  readonly registration: MdnsRegistration;
  readonly interfaceAddress: string;
  /** Name that it was to have; in force may be another one. */
  readonly wanted: string;
  name: string;
}

/**
 * Shows our senders as RAVENNA devices do: each as a DNS-SD service of the session's subtype, with its description behind RTSP
 * under that name and under the sender's id. A name that somebody else has becomes `name (2)`, in the path too.
 */
export class RavennaPublisher implements SessionPublisher, Disposable {
  readonly id = 'ravenna';
  readonly #api: TuttiApi;
  readonly #advertised = new Map<string, Advertised>();
  readonly #following: Disposable;
  #sessions: readonly PublishedSession[] = [];
  #server: RtspServer | undefined;
  #device: MdnsRegistration | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(api: TuttiApi) {
    this.#api = api;
    this.#following = api.configuration.onDidChange((keys) => {
      if (keys.includes(ravennaKeys.port)) this.#close();
      if (keys.some((key) => key === ravennaKeys.port || key === ravennaKeys.advertise)) void this.#update();
    });
  }

  publish(sessions: readonly PublishedSession[]): Promise<void> {
    this.#sessions = sessions;
    return this.#update();
  }

  dispose(): void {
    this.#following.dispose();
    this.#sessions = [];
    this.#close();
  }

  #update(): Promise<void> {
    this.#queue = this.#queue
      .then(() => this.#apply())
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#api.log.error(
          'ravenna.not-published',
          `Senders cannot be shown as RAVENNA sessions: ${reason}.`,
        );
      });
    return this.#queue;
  }

  async #apply(): Promise<void> {
    const isWanted = this.#api.configuration.get<boolean>(ravennaKeys.advertise) && this.#sessions.length > 0;
    if (!isWanted) return this.#close();
    const server = (this.#server ??= await this.#open());
    const wanted = new Map(this.#sessions.map((each) => [each.id, each]));
    for (const [id, each] of this.#advertised) {
      const session = wanted.get(id);
      const stays = session?.interfaceAddress === each.interfaceAddress && nameIn(session) === each.wanted;
      if (!stays) this.#withdraw(id, each);
    }
    for (const session of this.#sessions)
      if (!this.#advertised.has(session.id)) this.#advertise(session, server);
    this.#serve();
  }

  async #open(): Promise<RtspServer> {
    const server = new RtspServer(
      (message) => this.#api.log.warn('ravenna.rtsp', `RTSP server: ${message}.`),
      (local) => this.#api.network.interfaces().some(({ address }) => address === local),
    );
    const wanted = this.#api.configuration.get<number>(ravennaKeys.port);
    const port = await server.listen(wanted);
    const moved = port === wanted ? '' : `; ${wanted} is taken`;
    this.#api.log.info('ravenna.rtsp-listening', `Descriptions are served by RTSP on port ${port}${moved}.`, {
      port,
    });
    this.#device = this.#api.mdns.advertise({
      ...{ name: `Tutti ${hostname()}`.slice(0, 60), type: rtspType, subtypes: [deviceSubtype], port },
    });
    return server;
  }

  #advertise(session: PublishedSession, server: RtspServer): void {
    const wanted = nameIn(session);
    const { interfaceAddress, id } = session;
    const interfaces = this.#api.network
      .interfaces()
      .filter(({ address }) => address === interfaceAddress)
      .map(({ name }) => name);
    const registration = this.#api.mdns.advertise({
      ...{ name: wanted, type: rtspType, subtypes: [sessionSubtype], port: server.port },
      ...{ txt: { id }, interfaces },
    });
    const advertised: Advertised = { registration, interfaceAddress, wanted, name: wanted };
    this.#advertised.set(id, advertised);
    registration.onDidEstablish((name) => {
      if (name === advertised.name) return;
      this.#api.log.info(
        'ravenna.renamed',
        `"${wanted}" is advertised as "${name}": another session has its name.`,
      );
      advertised.name = name;
      this.#serve();
    });
  }

  #serve(): void {
    const served = this.#sessions.map(({ id, sdp, interfaceAddress }): ServedSession => ({
      ...{ id, sdp, interfaceAddress },
      name: this.#advertised.get(id)?.name ?? id,
    }));
    this.#server?.setSessions(served);
  }

  #withdraw(id: string, { registration }: Advertised): void {
    this.#advertised.delete(id);
    registration.dispose();
  }

  #close(): void {
    for (const [id, each] of this.#advertised) this.#withdraw(id, each);
    this.#device?.dispose();
    this.#device = undefined;
    this.#server?.dispose();
    this.#server = undefined;
  }
}

/** Name of a session of ours, as long as an instance name may be. */
function nameIn(session: PublishedSession): string {
  const name = readSdp(session.sdp).session?.name.trim() || session.id;
  let cut = name;
  while (Buffer.byteLength(cut) > 63) cut = [...cut].slice(0, -1).join('');
  return cut;
}
