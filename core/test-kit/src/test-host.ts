import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ExtensionInfo } from '@tutti/common';
import { until } from './until.ts';

export interface TestHostOptions {
  /** Folders of extensions that are used as they are, as with `tutti serve --dev`. */
  readonly extensions?: readonly string[];
  /** Network interface; the loopback unless given. */
  readonly interface?: string;
}

/** What a `tutti` command answered. */
export interface CommandAnswer {
  readonly code: number | null;
  /** Standard output, read as JSON. */
  readonly json: unknown;
  readonly stderr: string;
}

/**
 * A whole host in a process of its own, with real extension hosts, the loopback network, and the null engine: it takes
 * every plan, keeps no audio and loads no native library. Its state is a temporary folder. `stop()` checks that nothing of
 * it is left.
 */
export class TestHost {
  /** Address of the page, with the token. */
  readonly url: string;
  /** What `--data` names. */
  readonly data: string;
  readonly #process: ChildProcess;
  readonly #origin: string;
  readonly #token: string;

  private constructor(process: ChildProcess, url: string, data: string) {
    this.#process = process;
    this.url = url;
    this.data = data;
    this.#origin = new URL(url).origin;
    this.#token = new URL(url).searchParams.get('token') ?? '';
  }

  /** Resolves when everything answers. @throws Error with the host's own words if it does not start. */
  static async start(options: TestHostOptions = {}): Promise<TestHost> {
    const data = mkdtempSync(join(tmpdir(), 'tutti-test-'));
    const development = (options.extensions ?? []).flatMap((folder) => ['--dev', resolve(folder)]);
    const network = ['--interface', options.interface ?? 'lo', '--http', '127.0.0.1:0', '--no-open'];
    const process = runCli('serve', '--data', data, ...network, ...development);
    let out = '';
    let err = '';
    process.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    process.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    const url = (): string | undefined => /^ready (http\S+)/m.exec(out)?.[1];
    await until('the host to be ready', () => url() !== undefined || process.exitCode !== null).catch(
      (error: unknown) => {
        process.kill('SIGKILL');
        throw new Error(`${String(error)}\n${err}`);
      },
    );
    const ready = url();
    if (ready === undefined) {
      rmSync(data, { recursive: true, force: true });
      throw new Error(`the host ended with ${process.exitCode}:\n${err}`);
    }
    return new TestHost(process, ready, data);
  }

  /** Runs a `tutti` command on this host. */
  async tutti(...args: readonly string[]): Promise<CommandAnswer> {
    const command = runCli(...args, '--data', this.data, '--json');
    let [out, stderr] = ['', ''];
    command.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    command.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise<number | null>((done) => command.once('close', done));
    return { code, json: out === '' ? undefined : (JSON.parse(out) as unknown), stderr };
  }

  /** A request to the host API below `/api/v1`; rejects with what the host said unless it was content. */
  async request<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#origin}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  get<T>(path: string): Promise<T> {
    return this.request<T>('GET', path);
  }

  /** Installs a `.tutti` file or a folder; with `trustNative` its native code may be loaded. */
  install(path: string, { trustNative = false } = {}): Promise<ExtensionInfo> {
    return this.request('POST', '/extensions/install', { path: resolve(path), trustNative });
  }

  /** Where an extension stands; undefined if there is none. */
  async extension(id: string): Promise<ExtensionInfo | undefined> {
    return (await this.get<readonly ExtensionInfo[]>('/extensions')).find((each) => each.id === id);
  }

  /** The host's log so far. */
  get log(): string {
    const path = join(this.data, 'host.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /**
   * Ends the host, removes its folder, and checks that no process and no shared memory of it is left.
   *
   * @throws Error naming what is left.
   */
  async stop(): Promise<void> {
    const mine = this.#processes();
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGTERM');
      await until(
        'the host to end',
        () => this.#process.exitCode !== null || this.#process.signalCode !== null,
      );
    }
    const left = (): readonly number[] => mine.filter(isAlive);
    await until(`processes ${mine.join(', ')} to end`, () => left().length === 0);
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Every process that names this host's folder or was started by it, Linux only. */
  #processes(): readonly number[] {
    if (!existsSync('/proc/self/stat')) return [];
    const parents = new Map<number, number>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      } catch {
        // it ended meanwhile
      }
    }
    const found = new Set([this.#process.pid ?? 0]);
    for (let size = 0; size !== found.size;) {
      size = found.size;
      for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
    }
    return [...found];
  }
}

const installation = join(import.meta.dirname, '../installation');

function runCli(...args: readonly string[]): ChildProcess {
  const cli = join(installation, 'dist/cli.js');
  return spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
