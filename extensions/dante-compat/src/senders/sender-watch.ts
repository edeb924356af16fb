import type { PublishedSession, SessionPublisher } from '@tutti/api';
import { checkSender, type ReceivingSide, type SenderFinding } from './check-sender.ts';

/** What is published of a sender of ours. */
interface Published {
  readonly sdp: string;
  /** The text before this one. */
  readonly before?: string;
}

/**
 * Sees every description that is published, as all publishers do, and announces nothing: what Dante devices read is what is
 * compared with what they take.
 */
export class SenderWatch implements SessionPublisher {
  readonly id = 'dante-compat';
  readonly #published = new Map<string, Published>();
  readonly #side: () => ReceivingSide;
  readonly #onDidChange: () => void;

  constructor(side: () => ReceivingSide, onDidChange: () => void) {
    this.#side = side;
    this.#onDidChange = onDidChange;
  }

  async publish(sessions: readonly PublishedSession[]): Promise<void> {
    const ids = new Set(sessions.map(({ id }) => id));
    for (const id of [...this.#published.keys()]) if (!ids.has(id)) this.#published.delete(id);
    for (const { id, sdp } of sessions) {
      const known = this.#published.get(id);
      if (known?.sdp === sdp) continue;
      this.#published.set(id, { sdp, ...(known && { before: known.sdp }) });
    }
    this.#onDidChange();
  }

  /** Ids of our senders that are announced. */
  senders(): readonly string[] {
    return [...this.#published.keys()];
  }

  sdpOf(id: string): string | undefined {
    return this.#published.get(id)?.sdp;
  }

  /** Undefined if the sender is not announced. */
  findings(id: string): readonly SenderFinding[] | undefined {
    const published = this.#published.get(id);
    return published && checkSender(published.sdp, this.#side(), published.before);
  }
}
