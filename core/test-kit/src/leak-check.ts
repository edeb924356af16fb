import { createHook, type AsyncHook } from 'node:async_hooks';
import { until } from './until.ts';

/** What stays open when it is forgotten, by Node's names for it. */
const watched = new Map([
  ['Timeout', 'timer'],
  ['UDPWRAP', 'UDP socket'],
  ['TCPWRAP', 'TCP connection'],
  ['TCPSERVERWRAP', 'TCP server'],
  ['PIPEWRAP', 'pipe'],
  ['PIPESERVERWRAP', 'pipe server'],
  ['PROCESSWRAP', 'child process'],
  ['FSEVENTWRAP', 'file watcher'],
  ['STATWATCHER', 'file watcher'],
]);
const settleMs = 2_000;

/**
 * Sees timers, sockets, watchers and child processes that code under test opens, also those that it has unref'd, and says
 * where each one that is still open was opened. What packages and this kit open for themselves is not counted.
 */
export class LeakCheck {
  readonly #open = new Map<number, string>();
  readonly #hook: AsyncHook;

  private constructor() {
    this.#hook = createHook({
      init: (id, type) => {
        const kind = watched.get(type);
        const place = kind === undefined ? undefined : placeOf(new Error().stack ?? '');
        if (kind !== undefined && place !== undefined) this.#open.set(id, `${kind} opened ${place}`);
      },
      destroy: (id) => void this.#open.delete(id),
    }).enable();
  }

  /** Begins to watch this process. */
  static start(): LeakCheck {
    return new LeakCheck();
  }

  /** Ends watching. @throws Error naming what is open, after it had a moment to close. */
  async end(): Promise<void> {
    // Node reports the end of a handle a turn of its loop later.
    await until('nothing is open', () => this.#open.size === 0, settleMs).catch(() => undefined);
    this.#hook.disable();
    if (this.#open.size === 0) return;
    throw new Error(`left open:\n${[...this.#open.values()].map((each) => `  ${each}`).join('\n')}`);
  }
}

const kit = import.meta.dirname;

/** The first line of a stack that is neither Node's nor a package's; nothing if that is the kit's, or there is none. */
function placeOf(stack: string): string | undefined {
  const isKit = (line: string): boolean => line.includes(kit) || line.includes('/@tutti/test/');
  const isForeign = (line: string): boolean => line.includes('node:') || line.includes('/node_modules/');
  const lines = stack.split('\n').slice(1);
  const places = lines.filter((line) => /:\d+:\d+\)?$/.test(line) && !line.includes(import.meta.filename));
  const own = places.find((line) => isKit(line) || !isForeign(line));
  return own === undefined || isKit(own) ? undefined : own.trim();
}
