import type { TuttiApi } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { modelOf, type DanteDevice } from '../devices/device.ts';
import type { DeviceDirectory } from '../devices/device-directory.ts';
import { nameChannels } from './name-channels.ts';

/** Devices that come together are waited for, in ms: each tap has the core read all its sessions again. */
const settleMs = 300;

/** Keeps the channels of sessions named as on the devices that send them. */
export class ChannelNames implements Disposable {
  readonly #api: TuttiApi;
  readonly #devices: DeviceDirectory;
  readonly #following: Disposable;
  #tap: Disposable;
  /** What names depend on, as it was when sessions were read last. */
  #known = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(api: TuttiApi, devices: DeviceDirectory) {
    this.#api = api;
    this.#devices = devices;
    this.#tap = this.#register();
    this.#following = devices.onDidChange(() => this.#schedule());
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#following.dispose();
    this.#tap.dispose();
  }

  #register(): Disposable {
    this.#known = namesOf(this.#devices.list());
    return this.#api.hooks.sessionParsed(async (session) => nameChannels(session, this.#devices.list()));
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (namesOf(this.#devices.list()) === this.#known) return;
      // Stepping into the pipeline anew has sessions read again.
      this.#tap.dispose();
      this.#tap = this.#register();
    }, settleMs).unref();
  }
}

function namesOf(devices: readonly DanteDevice[]): string {
  return JSON.stringify(
    devices.map((device) => [device.name, device.addresses, modelOf(device), device.reading?.transmit ?? []]),
  );
}
