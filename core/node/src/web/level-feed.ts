import type { Disposable, Event } from '@tutti/base';
import { encodeMeterFrame, type MeterFrame } from '@tutti/common';
import type { WebSocket } from 'ws';
import type { Views } from './views.ts';

/** Levels are worth nothing late: a client with more unsent bytes than this gets none. */
const backedUpBytes = 32 * 1024;

/** Sends every client the levels of the device's channels, see {@link encodeMeterFrame}. Does nothing while nobody listens. */
export class LevelFeed implements Disposable {
  readonly #views: Pick<Views, 'dsdChannels'>;
  readonly #clients = new Set<WebSocket>();
  readonly #subscription: Disposable;

  constructor(views: Pick<Views, 'dsdChannels'>, meters: Event<MeterFrame>) {
    this.#views = views;
    this.#subscription = meters((frame) => this.#send(frame));
  }

  add(socket: WebSocket): void {
    this.#clients.add(socket);
    socket.on('close', () => this.#clients.delete(socket));
    socket.on('error', () => socket.terminate());
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const socket of this.#clients) socket.close(1001, 'the host ends');
    this.#clients.clear();
  }

  #send(frame: MeterFrame): void {
    const ready = [...this.#clients].filter(({ bufferedAmount }) => bufferedAmount < backedUpBytes);
    if (ready.length === 0) return;
    const bytes = encodeMeterFrame({ ...frame, ...this.#views.dsdChannels() });
    for (const socket of ready) socket.send(bytes);
  }
}
