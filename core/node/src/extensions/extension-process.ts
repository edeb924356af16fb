import { fork, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { DisposableStore, toDisposable, type Disposable } from '@tutti/base';
import { extensionMethods, type PingReply } from '@tutti/common';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type DataCallback,
  type Disposable as Listening,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { Log } from '../platform/log.ts';
import { processEnded } from '../platform/process-end.ts';
import { endFirstWithoutMemory, residentBytes } from '../platform/process-memory.ts';
import type { HostDeath } from './extension-host.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Sandbox } from './sandbox.ts';

/** What a process may use before it is ended: JavaScript's heap by V8's own limit, all of it by ours. */
const heapMb = 256;
const residentMb = 512;
/** Whoever eats memory as fast as it can is found before it has eaten a machine's. */
const lookAtMemoryMs = 250;
/** Extensions that say goodbye get this long, then they are killed. */
const endMs = 3000;
/** Whoever cut the connection to its host has so long to end. */
const leaveMs = 1000;
const maxLineLength = 2000;

export type ProcessDeath = Omit<HostDeath, 'extensions'>;

/** Whose extensions run in a process. */
export interface ProcessOwner {
  /** Who writes to its console, for the log: an extension's id, or `builtIn`. */
  readonly name: string;
  /** Called once, when it ended and nobody asked for that. */
  readonly onDeath: (death: ProcessDeath) => void;
}

export interface ExtensionProcessOptions {
  /** Bundle of core/exthost. */
  readonly entry: string;
  /** Flags of Node: what the process may not do. */
  readonly nodeFlags: readonly string[];
  /** Where it finds extensions, if it may not read them where they are installed. */
  readonly sandbox?: Sandbox;
  readonly log: Log;
}

/** One living process of extensions: watched, bounded, its console in our log. It may be up before anybody needs it. */
export class ExtensionProcess implements Disposable {
  readonly connection: MessageConnection;
  /** Resolves when it has ended, by itself or by us. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #sandbox: Sandbox | undefined;
  readonly #store = new DisposableStore();
  #owner: ProcessOwner | undefined;
  #since = Date.now();
  #verdict: ProcessDeath | undefined;
  #expected = false;

  constructor({ entry, nodeFlags, sandbox, log }: ExtensionProcessOptions) {
    this.#sandbox = sandbox;
    this.#child = fork(entry, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [`--max-old-space-size=${heapMb}`, ...nodeFlags],
    });
    if (this.#child.pid !== undefined) endFirstWithoutMemory(this.#child.pid);
    const extension = (): string => this.#owner?.name ?? 'none yet';
    capture(this.#child.stdout, (line) => log.info('extension.console', line, { extension: extension() }));
    capture(this.#child.stderr, (line) => log.warn('extension.console', line, { extension: extension() }));
    this.connection = createMessageConnection(
      new GuardedReader(this.#child, (error) => this.#killForItsWords(error)),
      new IPCMessageWriter(this.#child),
    );
    this.connection.onError(() => undefined);
    this.#store.add(toDisposable(() => this.connection.dispose()));
    this.ended = new Promise((resolve) => this.#store.add(toDisposable(resolve)));
    this.#child.once('disconnect', () => this.#killIfItGoesOn());
    this.#child.once('exit', (code, signal) => this.#onEnd(signal ?? `code ${String(code)}`));
    this.#child.once('error', (error) => this.#onEnd(error.message));
  }

  /** False once it ended, or is being ended. */
  get isAlive(): boolean {
    return !this.#store.isDisposed;
  }

  /** False once it cannot be reached: it has ended, or is about to. */
  get isConnected(): boolean {
    return this.#child.connected;
  }

  /** Milliseconds since {@link listen}. */
  get age(): number {
    return Date.now() - this.#since;
  }

  /** Begins the conversation, once everything that may come is handled, and watches from the first answer on. */
  listen(owner: ProcessOwner): void {
    this.#owner = owner;
    this.#since = Date.now();
    this.connection.listen();
    this.#watchMemory();
    // A busy machine may take long to start it: until it has answered once, only the activation's own limit counts.
    this.#ping().then(
      () => this.#watch(),
      () => undefined, // it ended first, which is told elsewhere
    );
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The folder in which the process finds an extension that lies in `folder`. */
  async folderOf(id: string, folder: string): Promise<string> {
    return (await this.#sandbox?.enter(id, folder)) ?? folder;
  }

  /** Lets the extensions say goodbye. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#expected = true;
    const { pid } = this.#child;
    this.#child.kill('SIGTERM');
    if (pid !== undefined && !(await processEnded(pid, endMs))) this.#child.kill('SIGKILL');
    this.#store.dispose();
    await this.#sandbox?.remove();
  }

  /** Ends it at once. */
  dispose(): void {
    this.#expected = true;
    this.#child.kill('SIGKILL');
    this.#store.dispose();
  }

  #onEnd(why: string): void {
    this.#store.dispose();
    this.#sandbox?.remove().catch(() => undefined); // what stays is removed at the next start
    if (this.#expected || this.#owner === undefined) return;
    this.#expected = true;
    const { name, onDeath } = this.#owner;
    onDeath(this.#verdict ?? { reason: 'crashed', message: `the process of ${name} ended (${why})` });
  }

  #watch(): void {
    if (this.#store.isDisposed) return;
    this.#store.add(
      new Heartbeat(
        () => this.#ping(),
        () => this.#kill('unresponsive', `${this.#owner?.name ?? ''} did not answer for 3 s and was ended`),
      ),
    );
  }

  /** Asks the kernel, not the process: one that is busy eating does not answer, and another might lie. */
  #watchMemory(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#store.isDisposed) return;
    const timer = setInterval(() => this.#boundMemory(residentBytes(pid) ?? 0), lookAtMemoryMs).unref();
    this.#store.add(toDisposable(() => clearInterval(timer)));
  }

  /** What it says of its memory counts where the kernel does not tell us (macOS). */
  async #ping(): Promise<void> {
    const reply = await this.connection.sendRequest<PingReply>(extensionMethods.ping, null);
    this.#boundMemory(reply.residentBytes);
  }

  #boundMemory(bytes: number): void {
    if (bytes > residentMb * 1024 * 1024) {
      this.#kill('crashed', `it used more than ${residentMb} MB of memory and was ended`);
    }
  }

  /** Ours end when they lose their host; an extension may have prevented that. */
  #killIfItGoesOn(): void {
    const why = `${this.#owner?.name ?? ''} cut the connection to its host and was ended`;
    const timer = setTimeout(() => this.#kill('crashed', why), leaveMs);
    this.#store.add(toDisposable(() => clearTimeout(timer)));
  }

  #killForItsWords(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#kill('crashed', `${this.#owner?.name ?? ''} sent what nobody can read (${why}) and was ended`);
  }

  #kill(reason: HostDeath['reason'], message: string): void {
    this.#verdict ??= { reason, message };
    this.#child.kill('SIGKILL');
  }
}

/** An extension can send anything: what the library throws at it does not reach the event loop, which would end the host. */
class GuardedReader extends IPCMessageReader {
  readonly #onUnreadable: (error: unknown) => void;

  constructor(child: ChildProcess, onUnreadable: (error: unknown) => void) {
    super(child);
    this.#onUnreadable = onUnreadable;
  }

  override listen(callback: DataCallback): Listening {
    return super.listen((message) => {
      try {
        callback(message);
      } catch (error) {
        this.#onUnreadable(error);
      }
    });
  }
}

/** Lines of a stream, cut to a length that a log bears. One that never ends is not kept. */
function capture(stream: Readable | null, onLine: (line: string) => void): void {
  let begun = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const [rest = '', ...lines] = chunk.split('\n');
    begun = (begun + rest).slice(0, maxLineLength);
    for (const next of lines) {
      onLine(begun);
      begun = next.slice(0, maxLineLength);
    }
  });
  stream?.on('end', () => {
    if (begun !== '') onLine(begun);
  });
}
