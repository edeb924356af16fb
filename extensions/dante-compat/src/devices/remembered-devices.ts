import type { ExtensionStorage, Logger } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import type { DanteDevice, DeviceReading, DeviceSettings } from './device.ts';
import type { DeviceDirectory } from './device-directory.ts';

const key = 'devices';
/** What is gone is remembered as long as sessions are. */
const rememberMs = 7 * 24 * 3600 * 1000;
/** Devices say something all the time: it reaches the disk this seldom. */
const saveMs = 10_000;
/** Of JSON; the storage takes 1 MiB of everything. */
const maxBytes = 900_000;
/** Of one device: 512 channels each way with the longest names need less. One that says more does not displace the others. */
const maxDeviceBytes = 250_000;

/** Keeps what is known of devices across restarts: they are there again, as gone, until they are found. */
export class RememberedDevices implements Disposable {
  readonly #directory: DeviceDirectory;
  readonly #storage: ExtensionStorage;
  readonly #log: Logger;
  #following: Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: DeviceDirectory, storage: ExtensionStorage, log: Logger) {
    this.#directory = directory;
    this.#storage = storage;
    this.#log = log;
  }

  /** Puts back what was kept; from then on keeps what changes. */
  async start(): Promise<void> {
    try {
      this.#directory.remember(readDevices(await this.#storage.get(key), Date.now()));
    } catch (error) {
      this.#log.warn('dante.unremembered', `Devices that were known before are not: ${String(error)}`);
    }
    this.#following = this.#directory.onDidChange(() => {
      this.#timer ??= setTimeout(() => void this.flush(), saveMs).unref();
    });
  }

  /** Writes what is not written yet. Never rejects. */
  async flush(): Promise<void> {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      await this.#storage.set(key, writeDevices(this.#directory.list()));
    } catch (error) {
      this.#log.warn('dante.unkept', `Devices cannot be kept for the next start: ${String(error)}`);
    }
  }

  dispose(): void {
    this.#following?.dispose();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Those seen last, as many as there is room for. Where they are reached is found anew. */
export function writeDevices(devices: readonly DanteDevice[]): readonly object[] {
  const kept: object[] = [];
  let bytes = 2;
  for (const device of [...devices].sort((a, b) => b.lastSeen.localeCompare(a.lastSeen))) {
    const { name, id, lastSeen, addresses, reading, settings } = device;
    const entry = { name, id, lastSeen, addresses, reading, settings };
    const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (size > maxDeviceBytes || bytes + size > maxBytes) continue;
    bytes += size;
    kept.push(entry);
  }
  return kept;
}

/** What is no device, or too old, is left out: another version may have written it. @param now ms since 1970 */
export function readDevices(value: unknown, now: number): readonly DanteDevice[] {
  const since = new Date(now - rememberMs).toISOString();
  return listOf(value).flatMap((each): readonly DanteDevice[] => {
    const { name, id, lastSeen, addresses, reading, settings } = objectOf(each);
    if (!isText(name) || name === '' || name.length > 63 || !isText(lastSeen) || !(lastSeen >= since))
      return [];
    const read = isReading(reading) ? reading : undefined;
    return [
      {
        ...{ name, lastSeen, state: 'gone', endpoints: [], addresses: listOf(addresses).filter(isText) },
        ...(isText(id) && { id }),
        ...(read !== undefined && { reading: read }),
        settings: isSettings(settings) ? settings : {},
      },
    ];
  });
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 1024;
const isNumber = (value: unknown): boolean => typeof value === 'number';
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const absentOr =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || check(value);
const every =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(check);
const shape =
  (parts: Readonly<Record<string, (value: unknown) => boolean>>) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(parts).every(([name, check]) => check(objectOf(value)[name]));

const isState = (value: unknown): boolean =>
  ['none', 'receiving', 'pending', 'failed'].includes(String(value));
const readingShape = shape({
  identity: absentOr(
    shape({ name: isText, factoryName: isText, board: isText, revision: isText, arcVersion: isNumber }),
  ),
  properties: absentOr(
    shape({
      latencyNs: absentOr(isNumber),
      minLatencyNs: absentOr(isNumber),
      maxLatencyNs: absentOr(isNumber),
      aes67Prefix: absentOr(isText),
      rtpPort: absentOr(isNumber),
    }),
  ),
  transmit: every(shape({ number: isNumber, label: isText, factoryName: isText })),
  receive: every(
    shape({
      number: isNumber,
      label: isText,
      from: absentOr(shape({ channel: isText, device: isText })),
      status: shape({ state: isState, text: isText }),
    }),
  ),
  flows: absentOr(
    every(
      shape({
        ...{ number: isNumber, rate: isNumber, bits: isNumber, address: isText, port: isNumber },
        ...{ status: isNumber, latencyNs: isNumber, slots: every(every(isNumber)) },
      }),
    ),
  ),
  rate: absentOr(isNumber),
  bits: absentOr(isNumber),
  gaps: every(isText),
});
const isReading = (value: unknown): value is DeviceReading => readingShape(value);

const settingsShape = shape({
  ...{
    maker: absentOr(isText),
    product: absentOr(isText),
    firmware: absentOr(isText),
    board: absentOr(isText),
  },
  offeredRates: absentOr(every(isNumber)),
  aes67: absentOr(
    shape({
      active: (value) => typeof value === 'boolean',
      configured: (value) => typeof value === 'boolean',
    }),
  ),
  clock: absentOr(shape({ role: absentOr(isText), leader: isText, grandmaster: isText })),
  latePackets: absentOr(every(isNumber)),
});
const isSettings = (value: unknown): value is DeviceSettings => settingsShape(value);
