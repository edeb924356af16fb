import { existsSync, rmSync } from 'node:fs';
import { createServer, connect, type Server, type Socket } from 'node:net';
import {
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { fail, type Problem } from '@tutti/base';
import {
  engineMethods,
  engineProtocolVersion,
  type ApplyPlanReply,
  type ApplyPlanRequest,
  type EngineEvent,
  type EngineHello,
  type EnginePlan,
  type EngineStatus,
  type EngineWelcome,
} from '@tutti/common';
import type { NativeEngine } from './addon.ts';

/** How often the engine looks whether its clock's state changed, or a driver wants something, in ms. */
const pollMs = 250;

/** Speaks the engine protocol on a Unix socket. One host at a time; without one the engine goes on. */
export class EngineServer {
  readonly #native: NativeEngine;
  readonly #region: string;
  readonly #version: string;
  readonly #server: Server;
  readonly #poll: NodeJS.Timeout;
  readonly #onShutdown: () => void;
  #plan: EnginePlan | null = null;
  #host: MessageConnection | undefined;
  #clockState = '';

  constructor(native: NativeEngine, region: string, version: string, onShutdown: () => void) {
    this.#native = native;
    this.#region = region;
    this.#version = version;
    this.#onShutdown = onShutdown;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#poll = setInterval(() => {
      this.#announceClock();
      this.#announceWantedRate();
    }, pollMs).unref();
  }

  /** Rejects if another engine answers at the path; a socket file that nobody serves is removed. */
  async listen(path: string): Promise<void> {
    if (existsSync(path)) {
      if (await answers(path)) throw fail('conflict', `an engine is running at ${path} already`);
      rmSync(path);
    }
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      const mask = process.umask(0o077); // the socket is this user's alone
      this.#server.listen(path, resolve);
      process.umask(mask);
    });
  }

  /** Nothing is asked of the native engine any more: it may be stopped. */
  close(): void {
    clearInterval(this.#poll);
    this.#host?.dispose();
    this.#server.close();
  }

  #accept(socket: Socket): void {
    const connection = createMessageConnection(
      new StreamMessageReader(socket),
      new StreamMessageWriter(socket),
    );
    let welcomed = false;
    const requireHello = (): void => {
      if (!welcomed) throw refusal({ code: 'invalid', message: `call ${engineMethods.hello} first` });
    };
    connection.onRequest(engineMethods.hello, (hello: EngineHello): EngineWelcome => {
      if (hello.protocol !== engineProtocolVersion) {
        throw fail(
          'unsupported',
          `this engine speaks protocol ${engineProtocolVersion}, not ${hello.protocol}`,
          {
            fix: 'restart Tutti so that host and engine are of one version',
          },
        );
      }
      welcomed = true;
      this.#takeOver(connection);
      return {
        protocol: engineProtocolVersion,
        version: this.#version,
        pid: process.pid,
        plan: this.#plan,
        telemetry: this.#native.telemetry(),
        region: this.#region,
        notices: this.#native.notices(),
      };
    });
    connection.onRequest(engineMethods.applyPlan, (request: ApplyPlanRequest): ApplyPlanReply => {
      requireHello();
      if (request.dryRun === true) return this.#native.check(request.plan);
      const reply = this.#native.apply(request.plan);
      this.#plan = request.plan;
      return reply;
    });
    connection.onRequest(engineMethods.status, (): EngineStatus => {
      requireHello();
      return {
        clock: this.#native.clock(),
        clockReport: this.#native.clockReport(),
        clients: this.#native.clients(),
        notices: this.#native.notices(),
      };
    });
    // Without hello: a host of another version must be able to end this engine and start its own.
    connection.onRequest(engineMethods.shutdown, () => {
      setImmediate(this.#onShutdown);
    });
    connection.onClose(() => {
      if (this.#host === connection) this.#host = undefined;
      connection.dispose();
    });
    connection.onError(() => socket.destroy());
    socket.on('error', () => socket.destroy());
    connection.listen();
  }

  #takeOver(connection: MessageConnection): void {
    const previous = this.#host;
    this.#host = connection;
    if (previous && previous !== connection) previous.end();
  }

  #announceClock(): void {
    const clock = this.#native.clock();
    const state = `${clock.source} ${clock.state} ${clock.grandmaster ?? ''} ${clock.domain ?? ''} ${clock.steps}`;
    if (state === this.#clockState) return;
    this.#clockState = state;
    this.#send({ kind: 'clock', clock });
  }

  #announceWantedRate(): void {
    const rate = this.#native.takeWantedRate();
    if (rate !== undefined) this.#send({ kind: 'wantedRate', rate });
  }

  #send(event: EngineEvent): void {
    // A host that is just going away is no fault of ours.
    this.#host?.sendNotification(engineMethods.event, event).catch(() => undefined);
  }
}

/** JSON-RPC's error with the problem as data; other exceptions would arrive as a bare message. */
function refusal(problem: Problem): ResponseError<Problem> {
  return new ResponseError(1, problem.message, problem);
}

/** Whether an engine listens at the path. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
