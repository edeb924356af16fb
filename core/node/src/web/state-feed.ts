import { DisposableStore, toDisposable, type Disposable, type Event } from '@tutti/base';
import type { ContributionMessage, HostState } from '@tutti/common';
import type { RecentEvents } from '../platform/recent-events.ts';
import type { WebSocket } from 'ws';
import type { Views } from './views.ts';

/** Deltas go out this often at most. */
const deltaMs = 100;
/** Counters and media time move all the time: they are compared this often. */
const countersMs = 500;
/** A client with more unsent bytes than this gets no deltas, and a new snapshot when it has caught up. */
const backedUpBytes = 256 * 1024;

/** Events in one frame; more than these are asked for. */
const maxEvents = 200;

interface Client {
  readonly socket: WebSocket;
  needsSnapshot: boolean;
  /** Number of the last event that it was sent, or that was there before it came: the page asks for those over HTTP. */
  sentEvent: number;
}

/** Sends every page the state, then the parts that changed. Does nothing while nobody listens. */
export class StateFeed implements Disposable {
  readonly #views: Views;
  readonly #clients = new Set<Client>();
  readonly #store = new DisposableStore();
  /** JSON of each part as the clients have it. */
  readonly #sent = new Map<keyof HostState, string>();
  readonly #events: RecentEvents;
  #dirty = false;
  #lastFull = 0;

  /**
   * @param changes events after which something may look different.
   * @param messages are passed on as they are.
   */
  constructor(
    views: Views,
    changes: readonly Event<unknown>[],
    messages: Event<ContributionMessage>,
    events: RecentEvents,
  ) {
    this.#views = views;
    this.#events = events;
    this.#store.add(messages((message) => this.#sendMessage(message)));
    for (const event of changes) this.#store.add(event(() => (this.#dirty = true)));
    const timer = setInterval(() => this.#tick(), deltaMs).unref();
    this.#store.add(toDisposable(() => clearInterval(timer)));
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  add(socket: WebSocket): void {
    const client: Client = { socket, needsSnapshot: true, sentEvent: this.#events.last };
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
    socket.on('error', () => socket.terminate());
    this.#sendSnapshot(client);
  }

  dispose(): void {
    this.#store.dispose();
    for (const { socket } of this.#clients) socket.close(1001, 'the host ends');
    this.#clients.clear();
  }

  #tick(): void {
    if (this.#clients.size === 0) return;
    this.#sendEvents();
    const due = Date.now() - this.#lastFull >= countersMs;
    if (this.#dirty || due) this.#sendDelta();
    for (const client of this.#clients) {
      if (client.needsSnapshot && client.socket.bufferedAmount < backedUpBytes) this.#sendSnapshot(client);
    }
  }

  #sendDelta(): void {
    this.#dirty = false;
    this.#lastFull = Date.now();
    const parts = this.#changedParts();
    if (parts.length === 0) return;
    const message = `{"kind":"delta","state":{${parts.map(([key, json]) => `"${key}":${json}`).join(',')}}}`;
    for (const client of this.#clients) {
      if (client.needsSnapshot) continue;
      if (client.socket.bufferedAmount > backedUpBytes) client.needsSnapshot = true;
      else client.socket.send(message);
    }
  }

  /** Each client from where it is: one that was behind gets what it missed, even if nothing happens any more. */
  #sendEvents(): void {
    const { last } = this.#events;
    const messages = new Map<number, string>();
    for (const client of this.#clients) {
      const { sentEvent, socket } = client;
      if (sentEvent === last || socket.bufferedAmount >= backedUpBytes) continue;
      const message = messages.get(sentEvent) ?? this.#eventsAfter(sentEvent);
      messages.set(sentEvent, message);
      client.sentEvent = last;
      socket.send(message);
    }
  }

  /** A page sees the gap where there were more than {@link maxEvents}, and asks for them over HTTP. */
  #eventsAfter(sequence: number): string {
    const { run, events } = this.#events.after(sequence);
    return JSON.stringify({ kind: 'events', run, events: events.slice(-maxEvents) });
  }

  #changedParts(): readonly (readonly [keyof HostState, string])[] {
    const state = this.#views.all();
    const keys: readonly (keyof HostState)[] = Object.keys(state) as (keyof HostState)[];
    return keys.flatMap((key) => {
      const json = JSON.stringify(state[key]);
      if (this.#sent.get(key) === json) return [];
      this.#sent.set(key, json);
      return [[key, json] as const];
    });
  }

  #sendSnapshot(client: Client): void {
    this.#sendDelta(); // what later deltas are compared with must be what this snapshot shows
    client.needsSnapshot = false;
    client.socket.send(JSON.stringify({ kind: 'snapshot', state: this.#views.all() }));
  }

  #sendMessage(message: ContributionMessage): void {
    if (this.#clients.size === 0) return;
    const text = JSON.stringify(message);
    for (const { socket } of this.#clients) if (socket.bufferedAmount < backedUpBytes) socket.send(text);
  }
}
