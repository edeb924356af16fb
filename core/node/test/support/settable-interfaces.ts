import type { NetworkInterface } from '@tutti/api';
import { Emitter } from '@tutti/base';
import type { Interfaces } from '../../src/platform/interfaces.ts';

export const eth0: NetworkInterface = {
  name: 'eth0',
  address: '10.0.0.2',
  netmask: '255.255.255.0',
  mac: '02:00:00:00:00:02',
};
export const eth1: NetworkInterface = {
  name: 'eth1',
  address: '10.0.1.2',
  netmask: '255.255.255.0',
  mac: '02:00:00:00:01:02',
};

/** Interfaces whose cables a test can pull. */
export class SettableInterfaces implements Interfaces {
  readonly emitter = new Emitter<readonly NetworkInterface[]>();
  readonly onDidChange = this.emitter.event;
  #current: readonly NetworkInterface[];

  constructor(...current: readonly NetworkInterface[]) {
    this.#current = current;
  }

  current(): readonly NetworkInterface[] {
    return this.#current;
  }

  find(nameOrAddress: string): NetworkInterface | undefined {
    return this.#current.find((each) => each.name === nameOrAddress || each.address === nameOrAddress);
  }

  set(...current: readonly NetworkInterface[]): void {
    this.#current = current;
    this.emitter.fire(current);
  }
}
