import { Emitter, type Disposable } from '@tutti/base';
import type {
  ApiProblem,
  ContributionMessage,
  HostState,
  ReceiverInfo,
  SenderInfo,
  SettingsInfo,
} from '@tutti/common';
import { localize } from '../localize/localize.ts';
import { hostApi } from './host-api.ts';
import { EventLog } from './event-log.ts';
import { mergeState } from './merge-state.ts';
import { StateSocket } from './state-socket.ts';

export interface HostView {
  /** `reconnecting`: what is shown was true at {@link since}. */
  readonly connection: 'connecting' | 'live' | 'reconnecting';
  /** When the connection last changed, ms since 1970. */
  readonly since: number;
  /** Why there is no connection, where the host said so. */
  readonly refused?: ApiProblem;
  readonly state?: HostState;
}

/** The host as the page sees it: its state and the calls that change it. One object a page. */
export class Host implements Disposable {
  readonly api = hostApi;
  /** What happened, as far as this page has seen. */
  readonly events = new EventLog((after) => hostApi.events(after));
  #view: HostView = { connection: 'connecting', since: Date.now() };
  readonly #changed = new Emitter<HostView>();
  readonly #announcements = new Emitter<string>();
  readonly #contributions = new Emitter<ContributionMessage>();
  readonly #socket: StateSocket;

  /** Sentences for a screen reader. */
  readonly onAnnounce = this.#announcements.event;
  /** What extensions contribute is different; after a connection, all of it may be. */
  readonly onContribution = this.#contributions.event;

  constructor() {
    this.#socket = new StateSocket(
      {
        opened: () => {
          void this.events.catchUp();
          this.#contributions.fire({ kind: 'contributions' });
        },
        contribution: (message) => this.#contributions.fire(message),
        events: (message) => this.events.add(message),
        message: (message) => {
          const state = mergeState(this.#view.state, message);
          if (!state) return;
          if (this.#view.connection === 'reconnecting')
            this.announce(localize('host.again', 'Connected again.'));
          const since = this.#view.connection === 'live' ? this.#view.since : Date.now();
          this.#show({ connection: 'live', since, state });
        },
        lost: () => void this.#lost(),
      },
      async () => (await this.api.status()).ok,
    );
  }

  /** As React's useSyncExternalStore wants them. */
  readonly getView = (): HostView => this.#view;
  readonly subscribe = (changed: () => void): (() => void) => {
    const subscription = this.#changed.event(changed);
    return () => subscription.dispose();
  };

  /** Says a sentence to those who do not see the screen. */
  announce(sentence: string): void {
    this.#announcements.fire(sentence);
  }

  /** Shows what a call returned without waiting for the delta that will say the same. */
  receiverAdded(receiver: ReceiverInfo): void {
    this.#patch((state) => ({ receivers: withItem(state.receivers, receiver) }));
  }
  receiverRemoved(id: string): void {
    this.#patch((state) => ({ receivers: state.receivers.filter((receiver) => receiver.id !== id) }));
  }
  senderAdded(sender: SenderInfo): void {
    this.#patch((state) => ({ senders: withItem(state.senders, sender) }));
  }
  senderRemoved(id: string): void {
    this.#patch((state) => ({ senders: state.senders.filter((sender) => sender.id !== id) }));
  }

  settingsChanged(settings: SettingsInfo): void {
    this.#patch(() => ({ settings }));
  }

  dispose(): void {
    this.#socket.dispose();
    this.#changed.dispose();
    this.#announcements.dispose();
    this.#contributions.dispose();
  }

  #patch(change: (state: HostState) => Partial<HostState>): void {
    const { state } = this.#view;
    const merged = state && mergeState(state, { kind: 'delta', state: change(state) });
    if (merged) this.#show({ ...this.#view, state: merged });
  }

  /** A refused WebSocket does not say why; an ordinary request does. */
  async #lost(): Promise<void> {
    const before = this.#view;
    const connection = before.state ? 'reconnecting' : before.connection;
    if (before.connection === 'live') {
      this.announce(localize('host.gone', 'The connection to the host is gone. Reconnecting.'));
      this.#show({ ...before, connection, since: Date.now() });
    }
    const answer = await this.api.status();
    if (this.#view.connection === 'live') return;
    const { since, state } = this.#view;
    this.#show({
      connection,
      since,
      ...(state && { state }),
      ...(!answer.ok && { refused: answer.error }),
    });
  }

  #show(view: HostView): void {
    this.#view = view;
    this.#changed.fire(view);
  }
}

function withItem<T extends { readonly id: string }>(items: readonly T[], item: T): readonly T[] {
  return items.some(({ id }) => id === item.id)
    ? items.map((other) => (other.id === item.id ? item : other))
    : [...items, item];
}
