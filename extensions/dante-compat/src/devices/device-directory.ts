import type { Logger, NetworkInterface } from '@tutti/api';
import type { Disposable, Event, Result } from '@tutti/base';
import { Signal } from '../signal.ts';
import { readWho, writeWhoQuestion } from '../wire/cmc-message.ts';
import type { ControlMessage } from '../wire/control-message.ts';
import { ControlClient } from './control-client.ts';
import { DeviceEntry, type FoundService } from './device-entry.ts';
import type { DanteDevice } from './device.ts';
import { readDevice, type AskProblem } from './read-device.ts';
import { defaultSettingsPort, SettingsClient, type HeardSettings } from './settings-client.ts';

/** DNS-SD services of Dante devices (corpus mdns/dante_netaudio_arc.txt, dante_netaudio_cmc.txt). */
export const serviceType = { arc: '_netaudio-arc._udp', cmc: '_netaudio-cmc._udp' } as const;

/** Devices that are kept; one more takes the place of one that is gone, or is not looked at if all are there. */
const maxDevices = 512;
/** Milliseconds between a device's word that something changed and the look at it: such words come in swarms. */
const settleMs = 250;

export interface DirectoryOptions {
  readonly log: Logger;
  readonly interfaces: () => readonly NetworkInterface[];
  /** Milliseconds between readings of a device that is there. */
  readonly refreshMs: () => number;
}

/**
 * The Dante devices of the network: found by DNS-SD, read by ARC, followed by what they say of themselves. Who is gone is
 * kept and marked. Nothing on any device is changed by it.
 */
export class DeviceDirectory implements Disposable {
  readonly #options: DirectoryOptions;
  readonly #entries = new Map<string, DeviceEntry>();
  /** By local address. */
  readonly #clients = new Map<string, ControlClient>();
  readonly #settings: SettingsClient;
  readonly #changed: Signal<readonly string[]>;
  /** The next reading of a device, and when it is due on the clock of `performance`. */
  readonly #due = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>();
  readonly #reading = new Map<string, Promise<void>>();
  /** Readings that wait for the one that is under way. */
  readonly #waiting = new Map<string, Promise<void>>();
  #disposed = false;

  /** Names of devices that are another now. */
  readonly onDidChange: Event<readonly string[]>;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#changed = new Signal((error) => options.log.error('dante.listener', String(error)));
    this.onDidChange = this.#changed.event;
    this.#settings = new SettingsClient(options.log, options.interfaces(), (heard) => this.#heard(heard));
  }

  /** By name. */
  list(): readonly DanteDevice[] {
    return [...this.#entries.values()]
      .map(({ device }) => device)
      .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  }

  find(name: string): DanteDevice | undefined {
    return this.#entries.get(name)?.device;
  }

  /** Puts back what was known before: it counts as gone until it is found. */
  remember(devices: readonly DanteDevice[]): void {
    for (const device of devices.slice(0, maxDevices)) {
      if (!this.#entries.has(device.name)) this.#entries.set(device.name, DeviceEntry.remembered(device));
    }
    if (devices.length > 0) this.#changed.fire(devices.map(({ name }) => name));
  }

  /** A service is there, or something of it is another now. */
  found(service: FoundService): void {
    if (this.#disposed) return;
    const known = this.#entries.get(service.name);
    if (!known && this.#entries.size >= maxDevices && !this.#forgetOldest()) return;
    const entry = known ?? new DeviceEntry(service.name);
    this.#entries.set(service.name, entry);
    const wasPresent = known?.device.state === 'present';
    if (!entry.found(service)) return;
    const { name, state, addresses } = entry.device;
    const appeared = !wasPresent && state === 'present';
    if (appeared) {
      this.#options.log.info('dante.device-found', `Dante device ${name} at ${addresses.join(', ')}`, {
        name,
      });
    }
    this.#changed.fire([name]);
    const isCmc = service.type === serviceType.cmc;
    // Who comes back may have other firmware, and its CMC service may have been found first or never been lost.
    if (isCmc || appeared) void this.#askSettings(entry);
    if (!isCmc) void this.refresh(name);
  }

  lost(key: Pick<FoundService, 'name' | 'type' | 'interface'>): void {
    const entry = this.#entries.get(key.name);
    if (!entry?.lost(key)) return;
    if (entry.device.state === 'gone') {
      this.#unschedule(key.name);
      this.#options.log.info('dante.device-gone', `Dante device ${key.name} is gone`, { name: key.name });
    }
    this.#changed.fire([key.name]);
  }

  setInterfaces(interfaces: readonly NetworkInterface[]): void {
    this.#settings.setInterfaces(interfaces);
    const addresses = new Set(interfaces.map(({ address }) => address));
    for (const [address, client] of [...this.#clients]) {
      if (addresses.has(address)) continue;
      this.#clients.delete(address);
      client.dispose();
    }
  }

  /** Reads a device, or all that are there, now. Never rejects: what fails is the device's problem. */
  async refresh(name?: string): Promise<void> {
    if (name === undefined) {
      await Promise.all([...this.#entries.keys()].map((each) => this.refresh(each)));
      return;
    }
    if (this.find(name)?.state !== 'present' || this.#disposed) return;
    // A reading that is under way may have missed what this one is about; one that waits has not.
    await (this.#waiting.get(name) ?? this.#readNext(name));
  }

  /** Asks a device by ARC. */
  async ask(
    name: string,
    write: (transaction: number) => Uint8Array,
  ): Promise<Result<ControlMessage, AskProblem>> {
    const endpoint = this.#entries.get(name)?.device.endpoints[0];
    if (!endpoint) return { ok: false, error: { code: 'gone', message: `No device ${name} is there.` } };
    const client = this.#clientFor(endpoint.interface);
    if (!client) return { ok: false, error: { code: 'network', message: `${endpoint.interface} is down.` } };
    return await client.ask({ address: endpoint.address, port: endpoint.arcPort }, write);
  }

  dispose(): void {
    this.#disposed = true;
    for (const name of [...this.#due.keys()]) this.#unschedule(name);
    for (const client of this.#clients.values()) client.dispose();
    this.#settings.dispose();
    this.#changed.dispose();
  }

  #readNext(name: string): Promise<void> {
    const reading = (this.#reading.get(name) ?? Promise.resolve()).then(() => {
      this.#waiting.delete(name);
      return this.#read(name);
    });
    this.#waiting.set(name, reading);
    this.#reading.set(name, reading);
    return reading;
  }

  async #read(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry?.device.state !== 'present' || this.#disposed) return;
    this.#unschedule(name);
    const before = entry.device.problem;
    const result = await readDevice((write) => this.ask(name, write));
    if (this.#disposed) return;
    const isFirst = entry.device.reading === undefined;
    if (entry.read(result)) this.#changed.fire([name]);
    if (isFirst && result.ok) {
      const { transmit, receive } = result.value;
      const message = `Dante device ${name} was read: ${transmit.length} channels out, ${receive.length} in`;
      this.#options.log.info('dante.device-read', message, { name });
    }
    const { problem, state } = entry.device;
    if (problem !== before && problem !== undefined && state === 'present') {
      this.#options.log.warn('dante.device-unreadable', `Dante device ${name}: ${problem}`, { name });
    }
    if (state === 'present') this.#schedule(name, this.#options.refreshMs());
  }

  /** Makes room: the device that has been gone for longest is not kept any more. False if all are there. */
  #forgetOldest(): boolean {
    const [oldest] = [...this.#entries.values()]
      .map(({ device }) => device)
      .filter(({ state }) => state === 'gone')
      .sort((a, b) => a.lastSeen.localeCompare(b.lastSeen));
    if (!oldest) return false;
    this.#entries.delete(oldest.name);
    this.#reading.delete(oldest.name);
    this.#changed.fire([oldest.name]);
    return true;
  }

  /** Brings the next reading forward, never puts it off: a device that says something all the time is read all the same. */
  #schedule(name: string, afterMs: number): void {
    const at = performance.now() + afterMs;
    if ((this.#due.get(name)?.at ?? Infinity) <= at) return;
    this.#unschedule(name);
    const timer = setTimeout(() => {
      this.#due.delete(name);
      void this.refresh(name);
    }, afterMs).unref();
    this.#due.set(name, { at, timer });
  }

  #unschedule(name: string): void {
    clearTimeout(this.#due.get(name)?.timer);
    this.#due.delete(name);
  }

  #heard({ device, address, body }: HeardSettings): void {
    const entry = [...this.#entries.values()].find((each) => each.is(device, address));
    if (!entry) return;
    const { name } = entry.device;
    if (body.kind === 'routingChanged') return this.#schedule(name, settleMs);
    if (entry.heard(body)) this.#changed.fire([name]);
  }

  /** Where a device speaks of its settings it says by CMC; then it is asked for what it says only when asked. */
  async #askSettings({ device: { name, id, cmc, state } }: DeviceEntry): Promise<void> {
    if (state === 'gone') return;
    const via = this.#options.interfaces().find((each) => each.name === cmc?.interface);
    const client = cmc && this.#clientFor(cmc.interface);
    if (!cmc || !via || !client || id === undefined) return;
    const mac = via.mac.replaceAll(/[:-]/g, '');
    const answer = await client.ask(cmc, (transaction) => writeWhoQuestion(transaction, mac));
    const who = answer.ok ? readWho(answer.value) : undefined;
    if (this.#disposed || this.#entries.get(name)?.device.state !== 'present') return;
    const port = who?.ok && who.value.port > 0 ? who.value.port : defaultSettingsPort;
    this.#settings.ask(id, cmc.address, port);
  }

  #clientFor(interfaceName: string): ControlClient | undefined {
    const address = this.#options.interfaces().find(({ name }) => name === interfaceName)?.address;
    if (address === undefined) return undefined;
    const client = this.#clients.get(address) ?? new ControlClient(address);
    this.#clients.set(address, client);
    return client;
  }
}
