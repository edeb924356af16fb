import type { Result } from '@tutti/base';
import type { DanteDevice, DeviceReading, DeviceSettings } from './device.ts';
import type { AskProblem } from './read-device.ts';
import type { HeardSettings } from './settings-client.ts';

/** What is used of a DNS-SD service. */
export interface FoundService {
  readonly name: string;
  /** `_netaudio-arc._udp` or `_netaudio-cmc._udp`. */
  readonly type: string;
  /** Local interface it was heard on. */
  readonly interface: string;
  readonly port: number;
  readonly addresses: readonly string[];
  readonly txt: Readonly<Record<string, string>>;
}

/** Where a device's CMC is reached. */
export interface CmcEndpoint {
  readonly interface: string;
  readonly address: string;
  readonly port: number;
}

type Known = DanteDevice & { readonly cmc?: CmcEndpoint };

/** One device over time. Pure bookkeeping: no sockets, no timers. Methods that return a boolean say whether something changed. */
export class DeviceEntry {
  #device: Known;

  constructor(name: string) {
    this.#device = {
      name,
      state: 'gone',
      lastSeen: new Date().toISOString(),
      endpoints: [],
      addresses: [],
      settings: {},
    };
  }

  static remembered(device: DanteDevice): DeviceEntry {
    const entry = new DeviceEntry(device.name);
    entry.#device = { ...device, state: 'gone', endpoints: [] };
    return entry;
  }

  get device(): Known {
    return this.#device;
  }

  is(id: string, address: string): boolean {
    if (this.#device.id !== undefined) return this.#device.id === id;
    return this.#device.addresses.includes(address);
  }

  found({ type, interface: via, port, addresses, txt }: FoundService): boolean {
    const address = addresses[0];
    if (address === undefined) return false;
    if (type.startsWith('_netaudio-cmc')) {
      const id = /^[0-9a-f]{16}$/i.test(txt['id'] ?? '') ? txt['id']?.toLowerCase() : undefined;
      return this.#update({ cmc: { interface: via, address, port }, ...(id !== undefined && { id }) });
    }
    const endpoints = [
      ...this.#device.endpoints.filter((each) => each.interface !== via),
      { interface: via, address, arcPort: port },
    ].sort((a, b) => a.interface.localeCompare(b.interface));
    const changed = this.#update({ state: 'present', endpoints, addresses: addressesOf(endpoints) });
    this.#seen();
    return changed;
  }

  lost({ type, interface: via }: Pick<FoundService, 'type' | 'interface'>): boolean {
    if (type.startsWith('_netaudio-cmc')) return false;
    const endpoints = this.#device.endpoints.filter((each) => each.interface !== via);
    if (endpoints.length === this.#device.endpoints.length) return false;
    if (endpoints.length === 0) return this.#update({ state: 'gone', endpoints });
    return this.#update({ endpoints, addresses: addressesOf(endpoints) });
  }

  read(result: Result<DeviceReading, AskProblem>): boolean {
    if (!result.ok) return this.#update({ problem: result.error.message });
    const sound: { problem?: string } & Known = { ...this.#device, reading: result.value };
    delete sound.problem;
    const changed = this.#replace(sound);
    this.#seen();
    return changed;
  }

  heard(body: HeardSettings['body']): boolean {
    const settings = settingsOf(body);
    return settings !== undefined && this.#update({ settings: { ...this.#device.settings, ...settings } });
  }

  #update(change: Partial<Known>): boolean {
    return this.#replace({ ...this.#device, ...change });
  }

  #replace(next: Known): boolean {
    const changed = JSON.stringify(next) !== JSON.stringify(this.#device);
    this.#device = next;
    return changed;
  }

  /** Being seen again is no change that anybody needs to hear of. */
  #seen(): void {
    this.#device = { ...this.#device, lastSeen: new Date().toISOString() };
  }
}

function addressesOf(endpoints: DanteDevice['endpoints']): readonly string[] {
  return [...new Set(endpoints.map(({ address }) => address))];
}

function settingsOf(body: HeardSettings['body']): DeviceSettings | undefined {
  switch (body.kind) {
    case 'maker':
      return { maker: body.maker, product: body.product, firmware: body.version };
    case 'platform':
      return { board: body.board };
    case 'sampleRate':
      return { offeredRates: body.offered };
    case 'aes67':
      return { aes67: { active: body.active, configured: body.configured } };
    case 'clock':
      return {
        clock: {
          ...(body.role && { role: body.role }),
          leader: body.leader,
          grandmaster: body.grandmaster,
        },
      };
    case 'heartbeat':
      return body.latePackets && { latePackets: body.latePackets };
    default:
      return undefined;
  }
}
