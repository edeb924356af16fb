import { Store } from './store.ts';
import type { Tone } from '../widgets/StateBadge.tsx';

export interface NotificationAction {
  readonly label: string;
  readonly run: () => void | Promise<void>;
}

export interface Notification {
  readonly id: number;
  readonly tone: Tone;
  readonly message: string;
  /** What to do about it. */
  readonly detail?: string | undefined;
  readonly actions: readonly NotificationAction[];
  /** Ms since 1970. */
  readonly at: number;
}

export interface NotifyOptions extends Partial<Pick<Notification, 'tone' | 'detail' | 'actions'>> {
  /** Goes by itself, later if there is something to press; without it, it stays until somebody closes it. */
  readonly passing?: boolean;
}

const passingMs = 6000;
const passingWithActionsMs = 30_000;
const most = 20;

/** What happened, shown in a corner until it is read. */
export class Notifications {
  readonly list = new Store<readonly Notification[]>([]);
  #next = 1;

  /** @returns closes it. */
  show(
    message: string,
    { tone = 'quiet', detail, actions = [], passing = false }: NotifyOptions = {},
  ): () => void {
    const id = this.#next++;
    const close = (): void => this.close(id);
    this.list.update((list) =>
      [...list, { id, tone, message, detail, actions, at: Date.now() }].slice(-most),
    );
    if (passing) setTimeout(close, actions.length > 0 ? passingWithActionsMs : passingMs);
    return close;
  }

  close(id: number): void {
    this.list.update((list) => list.filter((each) => each.id !== id));
  }

  clear(): void {
    this.list.set([]);
  }
}
