import { createToken, fail } from '@tutti/base';
import type { EngineMonitor } from '../engine/engine-monitor.ts';
import type { Log } from '../platform/log.ts';
import type { Registries } from '../registries/registries.ts';
import type { Configuration } from '../state/configuration.ts';
import type { Reconciler } from '../streams/reconciler.ts';

type Options = Readonly<Record<string, unknown>>;

/** Which clock the media clock follows, and what that clock is started with. */
export interface ClockSelection {
  /**
   * Follows a source. `options` are merged into the ones it has (setting `clock.options`); null takes one out. If the
   * source does not start with them, source and options are as they were.
   *
   * @throws TuttiError `notFound`, or what the source says.
   */
  use(source: string, options?: Options): Promise<void>;
}

export const ClockSelectionToken = createToken<ClockSelection>('ClockSelection');

const key = 'clock.options';

export class TransactionalClockSelection implements ClockSelection {
  readonly #reconciler: Reconciler;
  readonly #registries: Registries;
  readonly #configuration: Configuration;
  readonly #monitor: EngineMonitor;
  readonly #log: Log;

  constructor(
    reconciler: Reconciler,
    registries: Registries,
    configuration: Configuration,
    monitor: EngineMonitor,
    log: Log,
  ) {
    this.#reconciler = reconciler;
    this.#monitor = monitor;
    this.#registries = registries;
    this.#configuration = configuration;
    this.#log = log;
  }

  async use(source: string, options: Options = {}): Promise<void> {
    if (this.#registries.clocks.get(source) === undefined) {
      throw fail('notFound', `no clock source ${source}`, {
        field: 'source',
        fix: 'see "tutti clock sources"',
      });
    }
    const before = this.#configuration.get<Readonly<Record<string, Options>>>(key);
    const wanted = merge(before[source] ?? {}, options);
    const changes = JSON.stringify(wanted) !== JSON.stringify(before[source] ?? {});
    if (changes) await this.#configuration.set(key, { ...before, [source]: wanted });
    try {
      await this.#reconciler.change(
        (state) => ({ ...state, clockSource: source }),
        () => ['clock'],
      );
    } catch (error) {
      if (changes) await this.#configuration.set(key, before);
      throw error;
    }
    this.#log.info('clock.used', `clock source ${source}`, { options: wanted });
    await this.#monitor.refresh(); // who asks next is told of the new one
  }
}

function merge(options: Options, change: Options): Options {
  return Object.fromEntries(Object.entries({ ...options, ...change }).filter(([, value]) => value !== null));
}
