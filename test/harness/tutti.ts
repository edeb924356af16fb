import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '@tutti/base';
import type { ReceiverInfo, SenderInfo, SessionInfo, StatusInfo } from '@tutti/common';
import { repository, type Lab, type Station } from './lab.ts';
import type { Program } from './process.ts';
import { sleep, until } from './wait.ts';

/** What a `tutti` command answered. */
export interface Answer {
  readonly code: number | null;
  /** Standard output, read as JSON if there was any. */
  readonly json: unknown;
  readonly stderr: string;
  readonly report: string;
}

export interface TuttiOptions {
  /** Directory of its state; made if need be. Give the same one again for a restart. */
  readonly data?: string;
  /** Hz; the device's rate, set after the start. */
  readonly rate?: number;
  /** What its settings file says. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of its host; without it there is no system bus, so that nobody meets the responder of the machine's own network. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of its page; without it, any that is free. */
  readonly port?: number;
}

/** One instance of Tutti, host and engine, in a namespace of the lab, used through its command line only. */
export class Tutti {
  readonly lab: Lab;
  readonly at: Station;
  readonly data: string;
  private server: Program | undefined;
  private engine: number | undefined;
  private address = '';

  private readonly environment: Readonly<Record<string, string>>;

  private readonly port: number;

  constructor(lab: Lab, at: Station, options: Pick<TuttiOptions, 'data' | 'environment' | 'port'> = {}) {
    this.lab = lab;
    this.at = at;
    this.data = options.data ?? lab.file('data');
    this.port = options.port ?? 0;
    this.environment = { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere', ...options.environment };
    mkdirSync(this.data, { recursive: true, mode: 0o700 });
  }

  static async start(lab: Lab, at: Station = lab.tutti, options: TuttiOptions = {}): Promise<Tutti> {
    const tutti = new Tutti(lab, at, options);
    if (options.settings) writeFileSync(join(tutti.data, 'settings.json'), JSON.stringify(options.settings));
    await tutti.serve();
    if (options.rate !== undefined) await tutti.ok('device', 'set', '--rate', String(options.rate));
    return tutti;
  }

  /** `tutti serve`; resolves when it says it is ready. */
  async serve(): Promise<void> {
    await this.serveOnly();
    this.engine = (await this.status()).engine.pid;
  }

  /** As {@link serve}, without asking for the engine's process id. */
  async serveOnly(): Promise<void> {
    const one = this.at.interface === '' ? [] : ['--interface', this.at.interface];
    const options = [...one, '--http', `127.0.0.1:${this.port}`, '--no-open'];
    const command = [cli, 'serve', '--data', this.data, ...options];
    this.server = this.lab.start(this.at, process.execPath, command, { env: this.environment });
    const [, url = ''] = await this.server.waitFor(/^ready (http\S+)/m, 30_000);
    this.address = url;
  }

  /** Address of the page, with whatever `serve` printed to open it. */
  get url(): string {
    return this.address;
  }

  /** What its host said so far. */
  get output(): string {
    return this.running.stdout + this.running.stderr;
  }

  get hostPid(): number {
    return this.running.pid;
  }

  get enginePid(): number {
    if (this.engine === undefined) throw new Error('the host does not know its engine');
    return this.engine;
  }

  /** Runs a command with `--json`. */
  async cli(...args: string[]): Promise<Answer> {
    return this.cliGiven('/dev/null', ...args);
  }

  /** The same with a file as standard input. */
  async cliGiven(stdin: string, ...args: string[]): Promise<Answer> {
    const line = [cli, ...args, '--data', this.data, '--json'];
    const program = this.lab.start(this.at, process.execPath, line, { stdin });
    const { code } = await program.exited;
    return { code, json: parse(program.stdout), stderr: program.stderr, report: program.report() };
  }

  /** What a command that must work says to people. */
  async said(...args: string[]): Promise<string> {
    const program = this.lab.start(this.at, process.execPath, [cli, ...args, '--data', this.data]);
    return (await program.succeed()).stdout;
  }

  /** Runs a command that must work; its answer. */
  async ok<T = unknown>(...args: string[]): Promise<T> {
    const answer = await this.cli(...args);
    if (answer.code !== 0) throw new Error(`should have worked: ${answer.report}`);
    return answer.json as T;
  }

  /** Also while its engine is down, which the command says by exit code 6. */
  async status(): Promise<StatusInfo> {
    const answer = await this.cli('status');
    if (answer.code !== 0 && answer.code !== 6) throw new Error(`should have worked: ${answer.report}`);
    return answer.json as StatusInfo;
  }

  async sessions(): Promise<SessionInfo[]> {
    return this.ok<SessionInfo[]>('session', 'list');
  }

  async receivers(): Promise<ReceiverInfo[]> {
    return this.ok<ReceiverInfo[]>('receiver', 'list');
  }

  async senders(): Promise<SenderInfo[]> {
    return this.ok<SenderInfo[]>('sender', 'list');
  }

  /** `receiver add` with an SDP text. */
  async receive(sdp: string, ...options: string[]): Promise<ReceiverInfo> {
    const file = this.lab.file('session.sdp');
    writeFileSync(file, sdp);
    return this.ok<ReceiverInfo>('receiver', 'add', '--sdp', file, ...options);
  }

  /** SDP of a sender of ours. */
  async sdpOf(sender: SenderInfo): Promise<string> {
    return this.said('sender', 'sdp', sender.id);
  }

  /** Environment in which ALSA programs find `pcm.tutti` of this instance. A file each: another program may be reading its own. */
  async alsaEnvironment(): Promise<Record<string, string>> {
    const program = this.lab.start(this.at, process.execPath, [cli, 'alsa-config', '--data', this.data]);
    const file = this.lab.file('asound.conf');
    writeFileSync(file, (await program.succeed()).stdout);
    return { ALSA_CONFIG_PATH: file };
  }

  /** `tutti stop`; resolves when host and engine have ended. */
  async stop(): Promise<void> {
    await this.ok('stop');
    await this.running.exited;
    await until('the engine to end', () => !alive(this.enginePid));
  }

  /** The host dies at once; the engine goes on. */
  async killHost(): Promise<void> {
    await this.running.stop('SIGKILL');
  }

  /** The engine dies at once; resolves with when, ms since 1970. */
  killEngine(): number {
    process.kill(this.enginePid, 'SIGKILL');
    return Date.now();
  }

  /** The engine stands still for so long at least, ms, as on a computer that has something else to do. @returns for how long */
  async holdEngineUp(ms: number): Promise<number> {
    const began = performance.now();
    process.kill(this.enginePid, 'SIGSTOP');
    await sleep(ms);
    process.kill(this.enginePid, 'SIGCONT');
    return performance.now() - began;
  }

  /** Resolves with the process id of an engine that is not the one known so far, and takes it as the known one. */
  async newEngine(): Promise<number> {
    const before = this.engine;
    this.engine = await until('a new engine', async () => {
      const { engine } = await this.status();
      return engine.state === 'running' && engine.pid !== before ? engine.pid : undefined;
    });
    return this.engine;
  }

  /** Resolves when the host has logged this for so many times. */
  async logged(text: string, times = 1): Promise<void> {
    await until(`"${text}"`, () => this.running.stderr.split(text).length > times, 20_000);
  }

  private get running(): Program {
    if (!this.server) throw new Error('not served yet');
    return this.server;
  }
}

/** The problem in what a refused command printed: with `--json` it is the last line on standard error. */
export function problemOf(answer: Answer): Problem {
  const problem = parse(answer.stderr.trim().split('\n').at(-1) ?? '');
  if (typeof problem !== 'object' || problem === null || !('code' in problem)) {
    throw new Error(`not a typed problem: ${answer.report}`);
  }
  return problem as Problem;
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const cli = join(repository, 'dist/cli.js');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
