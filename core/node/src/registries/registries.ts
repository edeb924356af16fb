import type { DiscoveryProvider, NativeContribution, SessionPublisher } from '@tutti/api';
import { createToken } from '@tutti/base';
import { Registry } from '@tutti/common';

/** A native library that an extension brings. */
export interface NativeLibrary extends Pick<NativeContribution, 'kind' | 'id'> {
  /** `publisher.name`. */
  readonly extension: string;
  /** Absolute path. */
  readonly path: string;
}

/** Everything extensions contribute, but hooks. */
export interface Registries {
  readonly discovery: Registry<DiscoveryProvider>;
  readonly publishers: Registry<SessionPublisher>;
  /** By encoding name, upper case. */
  readonly codecs: Registry<NativeLibrary>;
  /** By id of the source. */
  readonly clocks: Registry<NativeLibrary>;
}

export const RegistriesToken = createToken<Registries>('Registries');

export function createRegistries(): Registries {
  return {
    discovery: new Registry(),
    publishers: new Registry(),
    codecs: new Registry(),
    clocks: new Registry(),
  };
}
