// Knows when the machine itself stood still, so that a test of audio can tell that from a fault of the product.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const tool = join(resolve(dirname(fileURLToPath(import.meta.url)), '..'), 'build/tools/standstill_witness');

/** Watches every processor from its making until `stop`. Where it may not, it has seen nothing. */
export class StandstillWitness {
  /** @type {{ at: number, ms: number }[]} when processors ran again, Unix time in ms, and for how long they had not */
  #seen = [];
  #child = spawn(tool, { stdio: ['pipe', 'pipe', 'inherit'] });

  constructor() {
    this.#child.on('error', (error) => console.error(`nobody watches the machine: ${error.message}`));
    this.#child.stdin.on('error', () => undefined); // it has ended by itself
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const [at, ms] = line.split(' ').map(Number);
      this.#seen.push({ at, ms });
    });
  }

  /** The longest standstill, in ms, that ended between two times (Unix, ms). 0 if there was none of over 20 ms. */
  longest(from, to) {
    return Math.max(0, ...this.#seen.filter(({ at }) => at >= from && at <= to).map(({ ms }) => ms));
  }

  stop() {
    this.#child.stdin.end();
  }
}
