import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serviceType } from '../../src/devices/device-directory.ts';
import type { FoundService } from '../../src/devices/device-entry.ts';
import type { DeviceData } from './device-data.ts';
import { makerBody, platformBody, settingsMessage } from './settings-messages.ts';
import { SimulatedDevice } from './simulated-device.ts';

type Part = 'arc' | 'cmc' | 'settings';

/** A simulated device with sockets on an address of the loopback interface, on ports of its own. */
export class DeviceOnNetwork {
  readonly device: SimulatedDevice;
  readonly address: string;
  readonly #sockets: Record<Part, Socket>;
  /** Answers that are not given, to see who asks again. */
  deaf = 0;
  /** Who asked about settings last. */
  #asker: RemoteInfo | undefined;

  private constructor(data: DeviceData, address: string) {
    this.device = new SimulatedDevice(data);
    this.address = address;
    this.#sockets = { arc: createSocket('udp4'), cmc: createSocket('udp4'), settings: createSocket('udp4') };
  }

  /** @param ports where it is to answer; any free ones unless given */
  static async start(
    data: DeviceData,
    address: string,
    ports: Readonly<Record<Part, number>> = { arc: 0, cmc: 0, settings: 0 },
  ): Promise<DeviceOnNetwork> {
    const started = new DeviceOnNetwork(data, address);
    await started.#open(ports);
    return started;
  }

  /** What DNS-SD would say of it. */
  services(): readonly FoundService[] {
    const { name, id } = this.device.data;
    const common = { name, interface: 'lo', addresses: [this.address] };
    return [
      {
        ...common,
        type: serviceType.arc,
        port: this.#port('arc'),
        txt: { arcp_vers: '2.8.9', mf: 'Somebody' },
      },
      { ...common, type: serviceType.cmc, port: this.#port('cmc'), txt: { id, process: '0' } },
    ];
  }

  /** Says that labels or subscriptions changed; to who asked about settings only, since tests share the group. */
  sayRoutingChanged(): void {
    if (!this.#asker) throw new Error('nobody has asked about settings');
    const { address, port } = this.#asker;
    this.#sockets.settings.send(settingsMessage(this.device.data, 0x0104, ''), port, address);
  }

  close(): void {
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  async #open(ports: Readonly<Record<Part, number>>): Promise<void> {
    for (const part of ['arc', 'cmc', 'settings'] as const) {
      this.#sockets[part].bind(ports[part], this.address);
      await once(this.#sockets[part], 'listening');
    }
    this.#answer('arc', (question) => this.device.answerArc(question));
    this.#answer('cmc', (question) => this.device.answerCmc(question, this.address, this.#port('settings')));
    this.#sockets.settings.on('message', (_, from) => void (this.#asker = from));
    this.#answer('settings', (question) => {
      const { data } = this.device;
      const type = question.readUInt16BE(26);
      if (type === 0x00c1) return settingsMessage(data, 0x00c0, makerBody(data));
      return type === 0x0061 ? settingsMessage(data, 0x0060, platformBody(data)) : undefined;
    });
  }

  #answer(part: Part, reply: (question: Buffer) => Buffer | undefined): void {
    const socket = this.#sockets[part];
    socket.on('message', (question, from) => {
      if (this.deaf > 0) return void (this.deaf -= 1);
      const bytes = reply(question);
      if (bytes) socket.send(bytes, from.port, from.address);
    });
  }

  #port(part: Part): number {
    return (this.#sockets[part].address() as AddressInfo).port;
  }
}
