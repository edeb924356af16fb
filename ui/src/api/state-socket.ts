import type { ContributionMessage, EventsMessage, StateMessage } from '@tutti/common';
import type { Disposable } from '@tutti/base';
import { socketAddress } from './http-client.ts';
import { readMessage } from './state-message.ts';

export interface StateSocketListener {
  /** The connection stands; a snapshot follows. */
  opened(): void;
  message(message: StateMessage): void;
  events(message: EventsMessage): void;
  /** Something of what extensions contribute is different. */
  contribution(message: ContributionMessage): void;
  /** The connection is gone, or could not be made; another try comes by itself. */
  lost(): void;
}

/** No frame for this long, and the connection is tested: a cable pull closes no socket. */
const silenceMs = 6000;

/** Milliseconds to wait before try number `attempt` (from 0): doubles up to 8 s, spread so that pages do not march in step. */
export function reconnectDelay(attempt: number, random: number): number {
  const base = Math.min(8000, 250 * 2 ** attempt);
  return Math.round(base * (0.75 + 0.5 * random));
}

/** Keeps one WebSocket to the host open for as long as it lives. */
export class StateSocket implements Disposable {
  readonly #listener: StateSocketListener;
  /** Asks the host over HTTP; false if it does not answer. */
  readonly #probe: () => Promise<boolean>;
  #socket: WebSocket | undefined;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #watchdog: ReturnType<typeof setInterval>;
  #lastFrame = 0;
  #probing = false;
  readonly #wake = (): void => {
    if (this.#socket === undefined) this.#connect();
  };

  constructor(listener: StateSocketListener, probe: () => Promise<boolean>) {
    this.#listener = listener;
    this.#probe = probe;
    this.#watchdog = setInterval(() => void this.#checkSilence(), 1000);
    window.addEventListener('online', this.#wake);
    document.addEventListener('visibilitychange', this.#wake);
    this.#connect();
  }

  dispose(): void {
    clearTimeout(this.#retry);
    clearInterval(this.#watchdog);
    window.removeEventListener('online', this.#wake);
    document.removeEventListener('visibilitychange', this.#wake);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    const socket = new WebSocket(socketAddress('/ws'));
    this.#socket = socket;
    this.#lastFrame = performance.now();
    socket.onopen = () => {
      this.#attempt = 0;
      this.#listener.opened();
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (this.#socket !== socket) return;
      this.#lastFrame = performance.now();
      this.#receive(event.data);
    };
    socket.onclose = () => this.#drop(socket);
  }

  #receive(data: unknown): void {
    if (typeof data !== 'string') return;
    const message = readMessage(data);
    if (message?.kind === 'events') this.#listener.events(message);
    else if (message?.kind === 'snapshot' || message?.kind === 'delta') this.#listener.message(message);
    else if (message) this.#listener.contribution(message);
  }

  #drop(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    socket.close();
    this.#retry = setTimeout(() => this.#connect(), reconnectDelay(this.#attempt++, Math.random()));
    this.#listener.lost();
  }

  async #checkSilence(): Promise<void> {
    const socket = this.#socket;
    if (this.#probing || !socket || performance.now() - this.#lastFrame < silenceMs) return;
    this.#probing = true;
    const answers = await this.#probe();
    this.#probing = false;
    if (!answers) this.#drop(socket);
    else this.#lastFrame = performance.now();
  }
}
