import type { Disposable } from '@tutti/base';

/** The device as a HAL driver finds it (`hal/include/tutti/region.h`). */
export interface DeviceRegion {
  /** Path of the device region file, which a driver maps and nothing else. */
  readonly path: string;
  /** Name that applications are to show. */
  readonly name: string;
  /** Hz. */
  readonly rate: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Makes the device visible to the operating system's applications. */
export interface HalDriver {
  /** As in the manifest's `contributes.hal`. */
  readonly id: string;
  /**
   * The device is there: writes a configuration, starts a program. Disposed and started again when the device changes; not when
   * the engine restarts, whose region stays the same file.
   */
  start(device: DeviceRegion): Promise<Disposable>;
}

export interface Hal {
  registerDriver(driver: HalDriver): Disposable;
}
