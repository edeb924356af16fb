import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Problem } from '@tutti/base';
import {
  arrivalBins,
  engineMethods,
  engineProtocolVersion,
  type ApplyPlanReply,
  type ApplyPlanRequest,
  type EngineClockStatus,
  type EngineHello,
  type EnginePlan,
  type EngineStatus,
  type EngineWelcome,
  type TelemetryLayout,
} from '@tutti/common';
import {
  createMessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';

export const receiverFields = ['packets', 'late', 'marginMinNs', 'lastPacketLocalNs'];
export const senderFields = ['packets', 'lastPacketLocalNs'];
const engineFields = ['ticks', 'busyNs', 'heartbeatNs'];
const slots = 128;
const peakChannels = 4;

/** Speaks the engine protocol over a real socket and keeps no audio. Says what it was told, and refuses what it should. */
export class NullEngine {
  /** Every plan that was applied, in order. */
  readonly applied: EnginePlan[] = [];
  /** Parts to refuse, by id. */
  readonly refused = new Map<string, Problem>();
  clockReport = '';
  clock: EngineClockStatus = { source: 'system', state: 'locked', mediaTime: '1000', steps: 0 };
  readonly #telemetry: string;
  readonly #pid: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Set<MessageConnection>();

  /**
   * @param onShutdown after the call that ends an engine.
   * @param pid what it says about itself; unless given one beyond pid_max, which no process has.
   */
  constructor(telemetry: string, onShutdown: () => void = () => undefined, pid = 2 ** 22 + 1) {
    this.#telemetry = telemetry;
    this.#pid = pid;
    writeFileSync(telemetry, Buffer.alloc(this.layout().bytes));
    this.#server = createServer((socket) => this.#accept(socket, onShutdown));
  }

  /** Hosts that are connected. */
  get connectionCount(): number {
    return this.#sockets.size;
  }

  get plan(): EnginePlan | null {
    return this.applied.at(-1) ?? null;
  }

  async listen(path: string): Promise<void> {
    rmSync(path, { force: true });
    await new Promise<void>((resolve) => this.#server.listen(path, resolve));
  }

  /** Ends like a killed process: sockets break, nothing is answered. */
  async kill(): Promise<void> {
    const closed = [...this.#sockets].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    );
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([...closed, new Promise((resolve) => this.#server.close(resolve))]);
  }

  setClock(clock: Partial<EngineClockStatus>): void {
    this.clock = { ...this.clock, ...clock };
    for (const connection of this.#connections) {
      void connection.sendNotification(engineMethods.event, { kind: 'clock', clock: this.clock });
    }
  }

  layout(): TelemetryLayout {
    const receivers = 64;
    const senders = receivers + slots * 64;
    const peaks = senders + slots * 64;
    const arrivals = peaks + 8 + 8 * peakChannels * 2 * 4;
    return {
      path: this.#telemetry,
      bytes: arrivals + slots * arrivalBins * 8,
      engine: { offset: 0, fields: engineFields },
      receivers: { offset: receivers, stride: 64, slots, fields: receiverFields },
      senders: { offset: senders, stride: 64, slots, fields: senderFields },
      arrivals: { offset: arrivals, stride: arrivalBins * 8, bins: arrivalBins },
      peaks: {
        countOffset: peaks,
        offset: peaks + 8,
        stride: peakChannels * 2 * 4,
        windows: 8,
        windowSeconds: 0.02,
        inputs: peakChannels,
        outputs: peakChannels,
      },
    };
  }

  #accept(socket: Socket, onShutdown: () => void): void {
    const connection = createMessageConnection(
      new SocketMessageReader(socket),
      new SocketMessageWriter(socket),
    );
    this.#sockets.add(socket);
    this.#connections.add(connection);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#connections.delete(connection);
      connection.dispose();
    });
    connection.onRequest(engineMethods.hello, ({ protocol }: EngineHello): EngineWelcome => {
      if (protocol !== engineProtocolVersion) throw new ResponseError(1, 'another protocol');
      return {
        protocol,
        version: '0.0.0-null',
        pid: this.#pid,
        plan: this.plan,
        telemetry: this.layout(),
        region: '/nowhere',
        notices: [],
      };
    });
    connection.onRequest(engineMethods.applyPlan, ({ plan, dryRun }: ApplyPlanRequest) => {
      if (dryRun !== true) this.applied.push(plan);
      return this.#replyTo(plan);
    });
    connection.onRequest(engineMethods.status, (): EngineStatus => ({
      clock: this.clock,
      clockReport: this.clockReport,
      clients: [],
      notices: [],
    }));
    connection.onRequest(engineMethods.shutdown, () => {
      setImmediate(() => {
        void this.kill();
        onShutdown();
      });
      return null;
    });
    connection.listen();
  }

  #replyTo(plan: EnginePlan): ApplyPlanReply {
    const ids = [
      'device',
      'clock',
      ...plan.receivers.map(({ id }) => id),
      ...plan.senders.map(({ id }) => id),
    ];
    const problems = ids.flatMap((id) => {
      const problem = this.refused.get(id);
      return problem === undefined ? [] : [{ id, problem }];
    });
    const slotsOf = (items: readonly { readonly id: string }[]): Record<string, number> =>
      Object.fromEntries(items.filter(({ id }) => !this.refused.has(id)).map(({ id }, i) => [id, i]));
    return { problems, receiverSlots: slotsOf(plan.receivers), senderSlots: slotsOf(plan.senders) };
  }
}
