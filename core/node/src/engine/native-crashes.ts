import { readFileSync, truncateSync } from 'node:fs';
import { createToken, DisposableStore, Emitter, type Disposable, type Event } from '@tutti/base';
import type { EngineClient } from './engine-client.ts';

/** The engine died in a plug-in's code (native/src/crash_report.hpp). */
export interface NativeCrash {
  /** Absolute path of the library. */
  readonly library: string;
  readonly signal: number;
}

export const NativeCrashesToken = createToken<NativeCrashes>('NativeCrashes');

/** Tells of engines that died in a plug-in's code, each once: also of one that died while no host was there. */
export class NativeCrashes implements Disposable {
  readonly #path: string;
  readonly #store = new DisposableStore();
  readonly #emitter = this.#store.add(new Emitter<NativeCrash>());

  readonly onDidCrash: Event<NativeCrash> = this.#emitter.event;

  /** @param path of the report that engines leave. */
  constructor(engine: EngineClient, path: string) {
    this.#path = path;
    this.#store.add(engine.onDidChangeState(() => this.look()));
  }

  /** Looks for a report that nobody has seen. */
  look(): void {
    const crash = readReport(this.#path);
    if (crash === undefined) return;
    truncateSync(this.#path); // not removed: an engine that runs has it open for its own last words
    this.#emitter.fire(crash);
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function readReport(path: string): NativeCrash | undefined {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined; // no engine has run yet
  }
  const [library = '', signal = ''] = text.split('\n');
  return library === '' ? undefined : { library, signal: Number(signal) };
}
