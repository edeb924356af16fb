import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, unlinkSync } from 'node:fs';

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Standard input is read from this file or end of a {@link Pipe}; otherwise it is empty. */
  readonly stdin?: string | number;
  /** Standard output goes to this file or end of a {@link Pipe} instead of memory (for raw audio). */
  readonly stdout?: string | number;
  /** Run in this network namespace. */
  readonly namespace?: string;
  /** Run before ordinary programs: for peers that keep time, so that a busy machine does not make them bad senders. */
  readonly punctual?: boolean;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const keptOutput = 256 * 1024;

/**
 * A program that a test started: its output is kept for the report of a failure, and it never outlives the test's
 * process (the kernel kills it when its parent dies).
 */
export class Program {
  readonly label: string;
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
  stdout = '';
  stderr = '';
  private readonly child: ChildProcess;
  private readonly listeners = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: ProgramOptions = {}) {
    const place = options.namespace === undefined ? [] : ['ip', 'netns', 'exec', options.namespace];
    const scheduling = options.punctual ? ['chrt', '--fifo', '5'] : [];
    const guard = ['setpriv', '--pdeathsig', 'KILL'];
    const [file = command, ...line] = [...place, ...guard, ...scheduling, command, ...args];
    const open = (end: string | number, flags: string) =>
      typeof end === 'number' ? end : openSync(end, flags);
    const input = options.stdin === undefined ? 'ignore' : open(options.stdin, 'r');
    const output = options.stdout === undefined ? 'pipe' : open(options.stdout, 'w');
    this.label = [command, ...args].join(' ');
    this.child = spawn(file, line, {
      stdio: [input, output, 'pipe'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    if (typeof input === 'number') closeSync(input);
    if (typeof output === 'number') closeSync(output);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.append('stdout', text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.append('stderr', text));
    this.exited = new Promise((resolve) => {
      const ended = (exit: Exit) => {
        this.exit = exit;
        this.notify();
        resolve(exit);
      };
      this.child.once('error', (error) => {
        this.append('stderr', String(error));
        ended({ code: 127, signal: null });
      });
      this.child.once('close', (code, signal) => ended({ code, signal }));
    });
  }

  /** Of the program itself: the programs that put it into its namespace replace themselves by it. */
  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`never started: ${this.label}`);
    return this.child.pid;
  }

  get running(): boolean {
    return this.exit === undefined;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.child.kill(signal);
  }

  /** Asks it to end, insists after `patienceMs`. */
  async stop(signal: NodeJS.Signals = 'SIGINT', patienceMs = 5000): Promise<Exit> {
    this.signal(signal);
    const insist = setTimeout(() => this.signal('SIGKILL'), patienceMs);
    const exit = await this.exited;
    clearTimeout(insist);
    return exit;
  }

  /** Resolves with the match once `pattern` shows in its output; fails if it ends before or takes longer. */
  async waitFor(pattern: RegExp, timeoutMs = 10_000): Promise<RegExpExecArray> {
    const look = () => pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        this.listeners.delete(check);
        act();
      };
      const check = () => {
        const match = look();
        if (match) finish(() => resolve(match));
        else if (!this.running) finish(() => reject(this.failure(`ended before it said ${pattern}`)));
      };
      const timer = setTimeout(
        () => finish(() => reject(this.failure(`did not say ${pattern} within ${timeoutMs} ms`))),
        timeoutMs,
      );
      this.listeners.add(check);
      check();
    });
  }

  /** Waits for its end and fails unless it ended well. */
  async succeed(timeoutMs = 60_000): Promise<this> {
    const slow = setTimeout(() => this.signal('SIGKILL'), timeoutMs);
    const { code, signal } = await this.exited;
    clearTimeout(slow);
    if (code !== 0) throw this.failure(`ended with ${signal ?? `exit code ${code}`}`);
    return this;
  }

  failure(what: string): Error {
    return new Error(`${what}: ${this.report()}`);
  }

  /** What it is and what it said last. */
  report(): string {
    const state = this.exit
      ? `ended (${this.exit.signal ?? this.exit.code})`
      : `still running, pid ${this.child.pid}`;
    return [`$ ${this.label}`, `  ${state}`, ...lastLines(this.stdout), ...lastLines(this.stderr)].join('\n');
  }

  private append(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] = (this[stream] + text).slice(-keptOutput);
    this.notify();
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Descriptors of a pipe between two programs; each is closed here when the program that gets it has started. */
export interface Pipe {
  readonly read: number;
  readonly write: number;
}

/**
 * A pipe of the operating system, by way of a named one that is gone at once: Node's own pipes are sockets that do not
 * block, which raw audio programs cannot read.
 */
export function makePipe(path: string): Pipe {
  execFileSync('mkfifo', [path]);
  const both = openSync(path, 'r+'); // lets the other two open without waiting for each other
  const pipe = { read: openSync(path, 'r'), write: openSync(path, 'w') };
  closeSync(both);
  unlinkSync(path);
  return pipe;
}

function lastLines(text: string): string[] {
  const lines = text.trimEnd().split('\n').slice(-40);
  return text.trim() === '' ? [] : lines.map((line) => `  | ${line}`);
}
