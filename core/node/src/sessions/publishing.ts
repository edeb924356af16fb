import { createToken, type Event } from '@tutti/base';

/** Describes our senders and has them announced by every publisher. */
export interface Publishing {
  /** Description of a sender as it is published, or would be if it were in force. @throws TuttiError `notFound`. */
  sdpOf(senderId: string): string;
  start(): void;
  /** Waits for what is under way. */
  flush(): Promise<void>;
  /** Withdraws everything from the network, before the host ends in order. */
  withdraw(): Promise<void>;
  readonly onDidChange: Event<void>;
}

export const PublishingToken = createToken<Publishing>('Publishing');
