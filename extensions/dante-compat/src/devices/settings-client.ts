import { createSocket, type Socket } from 'node:dgram';
import type { Logger, NetworkInterface } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { readSettingsBody, type SettingsBody } from '../wire/settings-bodies.ts';
import {
  readHeartbeat,
  readSettingsMessage,
  settingsType,
  writeSettingsQuestion,
} from '../wire/settings-message.ts';
import { GroupSocket } from './group-socket.ts';

/** Where devices speak of their settings, and where their hearts beat (corpus dante/wire, protocols published). */
export const settingsGroup = { address: '224.0.0.231', port: 8702 } as const;
export const heartbeatGroup = { address: '224.0.0.233', port: 8708 } as const;
/** Where a device is asked about its settings, unless its CMC service names another port. */
export const defaultSettingsPort = 8700;

/** What was heard of a device, by its id or by its address. */
export interface HeardSettings {
  readonly device: string;
  readonly address: string;
  readonly body: SettingsBody | { readonly kind: 'heartbeat'; readonly latePackets?: readonly number[] };
}

/** Listens to what devices say about their settings, and asks them for maker and platform. */
export class SettingsClient implements Disposable {
  readonly #onHeard: (heard: HeardSettings) => void;
  readonly #groups: readonly GroupSocket[];
  readonly #asking: Socket;
  #sequence = 0;

  constructor(log: Logger, interfaces: readonly NetworkInterface[], onHeard: (heard: HeardSettings) => void) {
    this.#onHeard = onHeard;
    this.#groups = [
      new GroupSocket(
        {
          group: settingsGroup.address,
          port: settingsGroup.port,
          log,
          onMessage: (bytes, from) => this.#settings(bytes, from.address),
        },
        interfaces,
      ),
      new GroupSocket(
        {
          group: heartbeatGroup.address,
          port: heartbeatGroup.port,
          log,
          onMessage: (bytes, from) => this.#heartbeat(bytes, from.address),
        },
        interfaces,
      ),
    ];
    this.#asking = createSocket('udp4');
    this.#asking.unref();
    this.#asking.on('error', () => undefined);
    // A device may answer us alone, not everybody.
    this.#asking.on('message', (bytes, from) => this.#settings(bytes, from.address));
  }

  setInterfaces(interfaces: readonly NetworkInterface[]): void {
    for (const group of this.#groups) group.setInterfaces(interfaces);
  }

  /** Asks for maker, product and platform; answers come as {@link HeardSettings}, or never. */
  ask(device: string, address: string, port: number): void {
    for (const type of [settingsType.makerQuestion, settingsType.platformQuestion]) {
      this.#sequence = (this.#sequence + 1) & 0xffff;
      const question = writeSettingsQuestion(type, this.#sequence, toMacForm(device));
      this.#asking.send(question, port, address, () => undefined);
    }
  }

  dispose(): void {
    for (const group of this.#groups) group.dispose();
    this.#asking.close();
  }

  #settings(bytes: Uint8Array, address: string): void {
    const message = readSettingsMessage(bytes);
    if (!message.ok) return;
    const body = readSettingsBody(message.value);
    if (body.ok && body.value) this.#onHeard({ device: message.value.device, address, body: body.value });
  }

  #heartbeat(bytes: Uint8Array, address: string): void {
    const heartbeat = readHeartbeat(bytes);
    if (!heartbeat.ok) return;
    const { device, latePackets } = heartbeat.value;
    this.#onHeard({ device, address, body: { kind: 'heartbeat', ...(latePackets && { latePackets }) } });
  }
}

/** Questions name the device by MAC and 0000 (protocol_FFFF_message_0061_id_63529.bin), also where its id is an EUI-64. */
function toMacForm(id: string): string {
  return id.slice(6, 10) === 'fffe' ? `${id.slice(0, 6)}${id.slice(10)}0000` : id;
}
