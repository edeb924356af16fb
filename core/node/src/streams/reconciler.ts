import { createToken, type Event, type Problem } from '@tutti/base';
import type { EnginePlan } from '@tutti/common';
import type { StoredState } from '../state/stored-state.ts';

/** Keeps the engine doing what the state says, and changes the state only to what the engine takes. */
export interface Reconciler {
  /**
   * One transaction: builds the plan of the changed state, applies it, and makes the change permanent. If a part named in
   * `subjects` cannot be put in force, everything is as it was and its problem is thrown. `subjects` sees the changed state.
   *
   * @throws TuttiError with that problem, or `unavailable` if the engine does not run.
   */
  change(
    change: (state: StoredState) => StoredState,
    subjects: (state: StoredState) => readonly string[],
  ): Promise<StoredState>;
  /** As {@link change}, but only tells whether it could be done: the state that would be, or the problem. */
  tryChange(
    change: (state: StoredState) => StoredState,
    subjects: (state: StoredState) => readonly string[],
  ): Promise<StoredState>;
  /** Applies the present state, at start and after a reconnection. */
  reconcile(): Promise<void>;
  /** Why a receiver, a sender, `device` or `clock` is not in force. */
  problemOf(id: string): Problem | undefined;
  /** What the engine was told last. */
  readonly plan: EnginePlan | undefined;
  /** Another plan is in force, or other problems are known. */
  readonly onDidChange: Event<void>;
}

export const ReconcilerToken = createToken<Reconciler>('Reconciler');
