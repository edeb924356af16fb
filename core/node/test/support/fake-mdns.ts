import type {
  MdnsAdvertisement,
  MdnsBrowser,
  MdnsRecord,
  MdnsRegistration,
  MdnsService,
  MdnsServiceKey,
} from '@tutti/api';
import { Emitter, fail, toDisposable } from '@tutti/base';
import type { HostMdns } from '@tutti/common';

/** Multicast DNS on a network that exists in the test only. */
export class FakeMdns implements HostMdns {
  readonly responder = 'own';
  readonly services: MdnsService[] = [];
  readonly advertised: MdnsAdvertisement[] = [];
  readonly found = new Emitter<MdnsService>();
  readonly lost = new Emitter<MdnsServiceKey>();
  /** Browsers that are open, as `type subtype`. */
  readonly browsing: string[] = [];

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
    this.advertised.push(advertisement);
    const established = new Emitter<string>();
    setImmediate(() => established.fire(`${advertisement.name} (2)`));
    return {
      onDidEstablish: established.event,
      ...toDisposable(() => void this.advertised.splice(this.advertised.indexOf(advertisement), 1)),
    };
  }
}
