import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const cli = resolve(import.meta.dirname, '../../dist/cli.js');
/** A busy machine may be slow. */
const startMs = 60_000;

/** Host and engine as `tutti serve` starts them, on the loopback, with a state that goes with them. */
export class RealHost {
  /** Signs a browser in. */
  readonly address: string;
  readonly #process: ChildProcess;
  readonly #data: string;

  private constructor(address: string, process: ChildProcess, data: string) {
    this.address = address;
    this.#process = process;
    this.#data = data;
  }

  /** @param extensions folders that are used as they are. */
  static async start(...extensions: readonly string[]): Promise<RealHost> {
    const data = mkdtempSync(join(tmpdir(), 'tutti-page-'));
    const development = extensions.flatMap((folder) => ['--dev', folder]);
    const child = spawn(
      process.execPath,
      [
        cli,
        'serve',
        '--data',
        data,
        '--interface',
        'lo',
        '--http',
        '127.0.0.1:0',
        '--no-open',
        ...development,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const address = await new Promise<string>((done, failed) => {
      const timer = setTimeout(() => failed(new Error(`the host is not ready:\n${said}`)), startMs);
      child.stdout.on('data', () => {
        const ready = /^ready (http\S+)/m.exec(said)?.[1];
        if (ready === undefined) return;
        clearTimeout(timer);
        done(ready);
      });
      child.once('close', (code) => {
        clearTimeout(timer);
        failed(new Error(`the host ended with ${code}:\n${said}`));
      });
    });
    return new RealHost(address, child, data);
  }

  /** Ends host and engine. */
  async stop(): Promise<void> {
    const args = ['stop', '--data', this.#data];
    await new Promise((done) =>
      spawn(process.execPath, [cli, ...args], { stdio: 'ignore' }).once('close', done),
    );
    if (this.#process.exitCode === null) await new Promise((done) => this.#process.once('close', done));
    rmSync(this.#data, { recursive: true, force: true });
  }
}
