import type { Disposable } from '@tutti/base';
import type { Log } from '../platform/log.ts';
import { ExtensionProcess } from './extension-process.ts';
import { permissionFlags } from './permission-flags.ts';
import { Sandbox } from './sandbox.ts';

/** By then the extension that took the last one has been activated: starting another does not slow it down. */
const refillMs = 200;

export interface SandboxedProcessesOptions {
  /** Bundle of core/exthost. */
  readonly entry: string;
  /** Folder of what the process itself reads: its bundle. */
  readonly dist: string;
  /** Folder of installed extensions. */
  readonly installed: string;
  readonly log: Log;
}

/**
 * Processes for extensions that ask for no permission of Node's. Once one was needed, the next one is up before it is:
 * nobody who enables an extension waits for Node to start, which is most of the time that it takes (docs/performance.md).
 */
export class SandboxedProcesses implements Disposable {
  readonly #options: SandboxedProcessesOptions;
  #spare: ExtensionProcess | undefined;
  #refill: NodeJS.Timeout | undefined;

  constructor(options: SandboxedProcessesOptions) {
    this.#options = options;
  }

  take(): ExtensionProcess {
    const process = this.#spare?.isAlive === true ? this.#spare : this.#start();
    this.#spare = undefined;
    clearTimeout(this.#refill);
    this.#refill = setTimeout(() => (this.#spare = this.#start()), refillMs);
    return process;
  }

  /** Ends the one that nobody took. */
  dispose(): void {
    clearTimeout(this.#refill);
    this.#spare?.dispose();
    this.#spare = undefined;
  }

  #start(): ExtensionProcess {
    const { entry, dist, installed, log } = this.#options;
    const sandbox = new Sandbox(installed);
    const nodeFlags = permissionFlags([], [sandbox.path, dist]);
    return new ExtensionProcess({ entry, nodeFlags, sandbox, log });
  }
}
