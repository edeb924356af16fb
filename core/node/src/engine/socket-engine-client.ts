import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DisposableStore, Emitter, fail, toDisposable, toProblem, type Disposable } from '@tutti/base';
import {
  engineMethods,
  engineProtocolVersion,
  type ApplyPlanReply,
  type EngineClockStatus,
  type EngineEvent,
  type EnginePlan,
  type EngineStatus,
  type EngineWelcome,
} from '@tutti/common';
import {
  createMessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { Log } from '../platform/log.ts';
import type { Paths } from '../platform/paths.ts';
import { processEnded } from '../platform/process-end.ts';
import type { EngineClient, EngineState } from './engine-client.ts';
import { call } from './rpc.ts';
import { spawnEngine } from './spawn-engine.ts';

/** How long one call may take; opening sockets for 128 streams is the longest thing the engine does. */
const callMs = 10_000;
/** A new engine listens well within this; after it, another one is started. */
const startMs = 5000;
/** An engine that is asked to end is gone within this. */
const endMs = 3000;
const connectEveryMs = 20;
/** Waits between engines that die young; the first restart is at once. */
const backOffMs = [0, 100, 250, 500, 1000, 2000, 5000];
/** An engine that lived this long counts as healthy again. */
const healthyMs = 10_000;

/** {@link EngineClient} over the Unix socket of the instance. */
export class SocketEngineClient implements EngineClient {
  readonly #paths: Paths;
  readonly #log: Log;
  readonly #spawn: typeof spawnEngine;
  readonly #stateEmitter = new Emitter<EngineState>();
  readonly #connectEmitter = new Emitter<EngineWelcome>();
  readonly #clockEmitter = new Emitter<EngineClockStatus>();
  readonly #rateEmitter = new Emitter<number>();
  #connection: MessageConnection | undefined;
  #held: Disposable | undefined;
  #state: EngineState = 'down';
  #welcome: EngineWelcome | undefined;
  #wanted = false;
  #deaths = 0;
  #hasStartedEngine = false;

  readonly onDidChangeState = this.#stateEmitter.event;
  readonly onDidConnect = this.#connectEmitter.event;
  readonly onDidChangeClock = this.#clockEmitter.event;
  readonly onDidWantRate = this.#rateEmitter.event;

  constructor(paths: Paths, log: Log, spawn = spawnEngine) {
    this.#paths = paths;
    this.#log = log;
    this.#spawn = spawn;
  }

  get state(): EngineState {
    return this.#state;
  }

  get welcome(): EngineWelcome | undefined {
    return this.#welcome;
  }

  get hasStartedEngine(): boolean {
    return this.#hasStartedEngine;
  }

  async start(): Promise<void> {
    this.#wanted = true;
    const first = this.#keepConnected();
    const tooLate = sleep(10_000, undefined, { ref: false }).then(() => {
      throw fail('timeout', 'the engine did not start within 10 s', {
        fix: `its log is ${this.#paths.engineLog}`,
      });
    });
    await Promise.race([first, tooLate]);
  }

  apply(plan: EnginePlan): Promise<ApplyPlanReply> {
    return call(this.#connected(), engineMethods.applyPlan, { plan }, callMs);
  }

  check(plan: EnginePlan): Promise<Pick<ApplyPlanReply, 'problems'>> {
    return call(this.#connected(), engineMethods.applyPlan, { plan, dryRun: true }, callMs);
  }

  status(): Promise<EngineStatus> {
    return call(this.#connected(), engineMethods.status, undefined, callMs);
  }

  async shutdown(): Promise<void> {
    this.#wanted = false;
    const connection = this.#connection;
    const pid = this.#welcome?.pid;
    if (connection === undefined || pid === undefined) return;
    await call(connection, engineMethods.shutdown, undefined, endMs).catch(() => undefined);
    if (!(await processEnded(pid, endMs)))
      this.#log.error('engine.stays', `the engine (pid ${pid}) does not end`);
  }

  dispose(): void {
    this.#wanted = false;
    this.#connection = undefined;
    this.#state = 'down';
    this.#held?.dispose();
    for (const emitter of [this.#stateEmitter, this.#connectEmitter, this.#clockEmitter, this.#rateEmitter])
      emitter.dispose();
  }

  #connected(): MessageConnection {
    if (this.#connection === undefined) {
      throw fail('unavailable', 'the engine is not running', { fix: 'it is restarted by itself; try again' });
    }
    return this.#connection;
  }

  /** Tries until connected or not wanted any more. */
  async #keepConnected(): Promise<void> {
    this.#setState('starting');
    while (this.#wanted) {
      const socket = (await tryConnect(this.#paths.engineSocket)) ?? (await this.#startOne());
      if (socket !== undefined && (await this.#handshake(socket))) return;
      this.#deaths += 1;
      await sleep(this.#backOff(), undefined, { ref: false });
    }
  }

  #backOff(): number {
    return backOffMs[Math.min(this.#deaths, backOffMs.length - 1)] ?? 0;
  }

  async #startOne(): Promise<Socket | undefined> {
    let ended = false;
    this.#log.info('engine.starting', 'starting the engine');
    this.#hasStartedEngine = true;
    this.#spawn(this.#paths, (code, signal) => {
      ended = true;
      this.#log.warn('engine.ended', `the engine process ended (${signal ?? `code ${String(code)}`})`);
    });
    for (const deadline = Date.now() + startMs; Date.now() < deadline && !ended && this.#wanted;) {
      const socket = await tryConnect(this.#paths.engineSocket);
      if (socket !== undefined) return socket;
      await sleep(connectEveryMs);
    }
    return undefined;
  }

  async #handshake(socket: Socket): Promise<boolean> {
    const connection = createMessageConnection(
      new SocketMessageReader(socket),
      new SocketMessageWriter(socket),
    );
    const held = new DisposableStore();
    held.add(toDisposable(() => socket.destroy()));
    held.add(toDisposable(() => connection.dispose()));
    held.add(
      connection.onNotification(engineMethods.event, (event: EngineEvent) => {
        if (event.kind === 'clock') this.#clockEmitter.fire(event.clock);
        else this.#rateEmitter.fire(event.rate);
      }),
    );
    held.add(connection.onError(() => socket.destroy()));
    // Calls that are under way end with the connection: an engine that dies during the greeting is replaced at once.
    held.add(connection.onClose(() => connection.dispose()));
    connection.listen();
    try {
      const hello = { protocol: engineProtocolVersion };
      const welcome = await call<EngineWelcome>(connection, engineMethods.hello, hello, callMs);
      this.#attach(connection, held, welcome);
      return true;
    } catch (error) {
      this.#log.error('engine.refused', `the engine refused this host: ${toProblem(error).message}`);
      // An engine of another version goes on from before an update: it gives way to one that speaks our protocol.
      if (toProblem(error).code !== 'timeout') {
        await call(connection, engineMethods.shutdown, undefined, 1000).catch(() => undefined);
      }
      held.dispose();
      return false;
    }
  }

  #attach(connection: MessageConnection, held: DisposableStore, welcome: EngineWelcome): void {
    const since = Date.now();
    connection.onClose(() => {
      held.dispose();
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      this.#welcome = undefined;
      this.#setState('down');
      if (!this.#wanted) return;
      this.#deaths = Date.now() - since > healthyMs ? 0 : this.#deaths + 1;
      this.#log.warn('engine.lost', 'the connection to the engine is lost');
      void sleep(this.#deaths > 1 ? this.#backOff() : 0).then(() => this.#keepConnected());
    });
    this.#connection = connection;
    this.#held = held;
    this.#welcome = welcome;
    this.#log.info('engine.attached', `attached to engine ${welcome.version}, pid ${welcome.pid}`, {
      engine: welcome.pid,
      inForce: welcome.plan !== null,
    });
    this.#setState('running');
    this.#connectEmitter.fire(welcome);
  }

  #setState(state: EngineState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#stateEmitter.fire(state);
  }
}

/** A connected socket, or undefined if nobody listens there. */
function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', () => resolve(undefined));
  });
}
