import type {
  Mdns,
  MdnsAdvertisement,
  MdnsBrowser,
  MdnsRecord,
  MdnsRegistration,
  MdnsService,
  MdnsServiceKey,
} from '@tutti/api';
import { Emitter, fail, toDisposable } from '@tutti/base';

/** Multicast DNS on a network that exists in the test only: the test says what is found, and sees what is advertised. */
export class FakeMdns implements Mdns {
  /** What is there when somebody begins to browse, and what `resolve` knows. */
  readonly services: MdnsService[] = [];
  readonly advertised: MdnsAdvertisement[] = [];
  /** Fired by the test: an instance is there, or is gone. */
  readonly found = new Emitter<MdnsService>();
  readonly lost = new Emitter<MdnsServiceKey>();
  /** Browsers that are open, as `_rtsp._tcp _ravenna`. */
  readonly browsing: string[] = [];
  /** Names that others have: who wants one gets `name (2)`. */
  readonly taken = new Set<string>();

  browse(type: string, { subtype = '' }: { readonly subtype?: string } = {}): MdnsBrowser {
    const label = `${type} ${subtype}`.trim();
    this.browsing.push(label);
    return {
      services: this.services.filter((each) => each.type === type),
      onDidFind: this.found.event,
      onDidLose: this.lost.event,
      ...toDisposable(() => void this.browsing.splice(this.browsing.indexOf(label), 1)),
    };
  }

  resolve(name: string, type: string): Promise<MdnsService> {
    const service = this.services.find((each) => each.name === name && each.type === type);
    return service ? Promise.resolve(service) : Promise.reject(fail('timeout', `no ${name}`));
  }

  query(): Promise<readonly MdnsRecord[]> {
    return Promise.resolve([]);
  }

  advertise(advertisement: MdnsAdvertisement): MdnsRegistration {
    const { name } = advertisement;
    this.advertised.push(advertisement);
    const established = new Emitter<string>();
    setImmediate(() => established.fire(this.taken.has(name) ? `${name} (2)` : name));
    return {
      onDidEstablish: established.event,
      ...toDisposable(() => void this.advertised.splice(this.advertised.indexOf(advertisement), 1)),
    };
  }
}
