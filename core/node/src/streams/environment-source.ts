import { createToken, DisposableStore, Emitter, type Disposable, type Event } from '@tutti/base';
import type { SettledClock } from '../clock/settled-clock.ts';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Registries } from '../registries/registries.ts';
import type { Configuration } from '../state/configuration.ts';
import type { PlanEnvironment } from './plan-environment.ts';

/** The {@link PlanEnvironment} of this moment. */
export interface EnvironmentSource {
  current(): PlanEnvironment;
  readonly onDidChange: Event<void>;
}

export const EnvironmentSourceToken = createToken<EnvironmentSource>('EnvironmentSource');

/** Gathers it from the services that know. */
export class LiveEnvironment implements EnvironmentSource, Disposable {
  readonly #interfaces: Interfaces;
  readonly #registries: Registries;
  readonly #clock: SettledClock;
  readonly #configuration: Configuration;
  readonly #store = new DisposableStore();
  readonly #emitter = this.#store.add(new Emitter<void>());

  readonly onDidChange = this.#emitter.event;

  constructor(
    interfaces: Interfaces,
    registries: Registries,
    clock: SettledClock,
    configuration: Configuration,
  ) {
    this.#interfaces = interfaces;
    this.#registries = registries;
    this.#clock = clock;
    this.#configuration = configuration;
    const fire = (): void => this.#emitter.fire();
    this.#store.add(interfaces.onDidChange(fire));
    this.#store.add(registries.codecs.onDidChange(fire));
    this.#store.add(registries.clocks.onDidChange(fire));
    this.#store.add(clock.onDidChange(fire));
    this.#store.add(configuration.onDidChange(fire));
  }

  current(): PlanEnvironment {
    const libraries = [...this.#registries.codecs.entries(), ...this.#registries.clocks.entries()];
    return {
      interfaces: this.#interfaces.current(),
      libraries: libraries.map(([, library]) => library),
      clock: this.#clock.current,
      linkOffsetMs: this.#configuration.get('receivers.linkOffsetMs'),
      foreignLinkOffsetMs: this.#configuration.get('receivers.foreignLinkOffsetMs'),
      codecs: this.#configuration.get('receivers.codecs'),
      clockOptions: this.#configuration.get('clock.options'),
    };
  }

  dispose(): void {
    this.#store.dispose();
  }
}
