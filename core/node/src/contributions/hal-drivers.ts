import type { DeviceRegion, HalDriver } from '@tutti/api';
import { createToken, DisposableStore, toProblem, type Disposable } from '@tutti/base';
import type { HalDriverInfo } from '@tutti/common';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Log } from '../platform/log.ts';
import type { Registries } from '../registries/registries.ts';
import type { StateStore } from '../state/state-store.ts';

export const HalDriversToken = createToken<HalDrivers>('HalDrivers');

interface Started {
  /** JSON of the device that it was told about. */
  readonly device: string;
  running: Disposable | undefined;
  problem: string | undefined;
  gone: boolean;
}

/** Tells extensions' HAL drivers about the device: each one is started once, and anew when the device changes. */
export class HalDrivers implements Disposable {
  readonly #engine: EngineClient;
  readonly #state: StateStore;
  readonly #registries: Registries;
  readonly #log: Log;
  readonly #store = new DisposableStore();
  readonly #started = new Map<HalDriver, Started>();

  constructor(engine: EngineClient, state: StateStore, registries: Registries, log: Log) {
    this.#engine = engine;
    this.#state = state;
    this.#registries = registries;
    this.#log = log;
    const update = (): void => this.#update();
    this.#store.add(engine.onDidConnect(update));
    this.#store.add(state.onDidChange(update));
    this.#store.add(registries.hal.onDidChange(update));
  }

  stateOf(id: string): Pick<HalDriverInfo, 'state' | 'message'> {
    const driver = this.#registries.hal.get(id);
    const started = driver && this.#started.get(driver);
    if (started?.problem !== undefined) return { state: 'failed', message: started.problem };
    return { state: started?.running === undefined ? 'absent' : 'running' };
  }

  dispose(): void {
    this.#store.dispose();
    for (const driver of [...this.#started.keys()]) this.#stop(driver);
  }

  /** Undefined before the first engine; afterwards the region is the same file in every engine's life. */
  #device(): DeviceRegion | undefined {
    const path = this.#engine.welcome?.region;
    if (path === undefined) return undefined;
    const { name, rate, inputs, outputs } = this.#state.current.device;
    return { path, name, rate, inputs, outputs };
  }

  #update(): void {
    const device = this.#device();
    if (device === undefined) return;
    const text = JSON.stringify(device);
    const present = new Set(this.#registries.hal.entries().map(([, driver]) => driver));
    for (const [driver, started] of [...this.#started])
      if (!present.has(driver) || started.device !== text) this.#stop(driver);
    for (const driver of present) if (!this.#started.has(driver)) void this.#start(driver, device, text);
  }

  async #start(driver: HalDriver, device: DeviceRegion, text: string): Promise<void> {
    const started: Started = { device: text, running: undefined, problem: undefined, gone: false };
    this.#started.set(driver, started);
    try {
      const running = await driver.start(device);
      if (started.gone) {
        // Started anew meanwhile: that one took the place of this one.
        if (!this.#started.has(driver)) running.dispose();
        return;
      }
      started.running = running;
      this.#log.info('hal.started', `HAL driver ${driver.id} knows the device`);
    } catch (error) {
      started.problem = toProblem(error).message;
      this.#log.error('hal.failed', `HAL driver ${driver.id} did not start: ${started.problem}`);
    }
  }

  #stop(driver: HalDriver): void {
    const started = this.#started.get(driver);
    this.#started.delete(driver);
    if (started === undefined) return;
    started.gone = true;
    started.running?.dispose();
  }
}
