import { Emitter, err, ok, type Problem, type Result } from '@tutti/base';
import type { PatchReply, PatchRequest } from '@tutti/common';
import type { Host, HostView } from '../../api/host.ts';
import { localize } from '../../localize/localize.ts';
import { crossingKey } from './cell-states.ts';
import { findCrossings, isLacking, nameCrossing, type Intent, type NamedCrossing } from './intent.ts';
import { patchBay, type ChannelGroup, type Crossing, type Face, type PatchBay } from './patch-bay.ts';
import {
  noHistory,
  withoutNext,
  withRedone,
  withStep,
  withUndone,
  type PatchHistory,
} from './patch-history.ts';
import { patchRequest } from './patch-request.ts';
import { blockFrom, clearing, propose, type Proposal } from './proposal.ts';

export interface PatchingView {
  readonly history: PatchHistory;
  readonly pending: readonly NamedCrossing[];
  /** Why the last gesture, undo or redo was refused. */
  readonly problem?: Problem;
  /** Why the host would not receive a stream, by {@link streamKey}. */
  readonly refused: ReadonlyMap<string, string>;
}

/** A change shows in the host's state this soon after its answer. */
const settleMs = 1000;

/** What was patched in this window: sends it, remembers it for undo, and knows what is not answered yet. One a page. */
export class Patching {
  readonly #host: Host;
  readonly #changed = new Emitter<void>();
  /** Streams about which the host was asked, by {@link streamKey}. */
  #asked = new Set<string>();
  #basis: readonly unknown[] = [];
  #queue: Promise<void> = Promise.resolve();
  #view: PatchingView = { history: noHistory, pending: [], refused: new Map() };

  constructor(host: Host) {
    this.#host = host;
    host.subscribe(() => this.#forgetRefusals());
  }

  readonly getView = (): PatchingView => this.#view;
  readonly subscribe = (changed: () => void): (() => void) => {
    const subscription = this.#changed.event(changed);
    return () => subscription.dispose();
  };

  /** Does what a proposal says, as one step. */
  apply(bay: PatchBay, proposal: Proposal, title: string): Promise<void> {
    const make = proposal.make.map((each) => nameCrossing(bay, each));
    const clear = proposal.clear.map((each) => nameCrossing(bay, each));
    const routes = [...make, ...clear];
    this.#show({ pending: [...this.#view.pending, ...routes] });
    return this.#inOrder(async () => {
      const request = this.#request(bay.face, { make, clear });
      if (!request.ok) {
        this.#refuse(request.error, routes);
        return;
      }
      if (asksNothing(request.value)) {
        this.#show({ ...this.#kept, pending: this.#pendingWithout(routes) });
        return;
      }
      const answer = await this.#send(request.value, routes);
      if (!answer.ok) return;
      const step = { title, request: request.value, undo: answer.value.undo };
      this.#show({ history: withStep(this.#view.history, step) });
      this.#host.announce(title);
    });
  }

  undo(): Promise<void> {
    return this.#inOrder(async () => {
      const step = this.#view.history.done.at(-1);
      if (!step) return;
      const answer = await this.#send(step.undo, []);
      if (!answer.ok) {
        this.#dropIfGone(answer.error, 'undo');
        return;
      }
      for (const id of step.undo.remove ?? []) this.#host.receiverRemoved(id);
      this.#show({ history: withUndone(this.#view.history) });
      this.#host.announce(localize('routing.undone', 'Undone: {0}', step.title));
    });
  }

  redo(): Promise<void> {
    return this.#inOrder(async () => {
      const step = this.#view.history.undone.at(-1);
      if (!step) return;
      const answer = await this.#send(step.request, []);
      if (!answer.ok) {
        this.#dropIfGone(answer.error, 'redo');
        return;
      }
      this.#show({ history: withRedone(this.#view.history, answer.value) });
      this.#host.announce(localize('routing.redone', 'Done again: {0}', step.title));
    });
  }

  forgetProblem(): void {
    if (this.#view.problem) this.#show({});
  }

  /** Asks the host, once, whether it would receive a session that nobody receives yet. */
  async ask(bay: PatchBay, crossing: Crossing): Promise<void> {
    const group = bay.sources.groups[bay.sources.channels[crossing.source]?.group ?? -1];
    if (bay.face !== 'receive' || group?.ref?.sessionId === undefined || group.impossible !== undefined)
      return;
    const asked = this.#asked;
    if (asked.has(streamKey(group))) return;
    asked.add(streamKey(group));
    const proposal = propose(bay, blockFrom(bay, crossing).slice(0, 1));
    const answer = await this.#host.api.patch({ ...patchRequest(bay, proposal), dryRun: true });
    // An answer about a state that is no more.
    if (asked !== this.#asked) return;
    // That an input is taken, or nobody answers, says nothing about the session.
    if (answer.ok || !['unsupported', 'invalid', 'limit', 'interfaceGone'].includes(answer.error.code))
      return;
    const { message, fix } = answer.error;
    const refused = new Map(this.#view.refused).set(
      streamKey(group),
      fix === undefined ? message : `${message}. ${fix}`,
    );
    this.#show({ ...this.#kept, refused });
  }

  /** Which step is the last one is known only when the one before is answered: the state may show it earlier. */
  #inOrder(act: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(act);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** @param routes that are pending until it is answered. */
  async #send(request: PatchRequest, routes: readonly NamedCrossing[]): Promise<Result<PatchReply>> {
    this.#show({});
    const answer = await this.#host.api.patch(request);
    if (answer.ok) {
      for (const receiver of answer.value.receivers) this.#host.receiverAdded(receiver);
      void this.#settle(routes);
    } else this.#refuse(answer.error, routes);
    return answer;
  }

  /**
   * As the host's state is when its turn comes: the steps before it may have made the receivers that it needs. Nothing is cleared
   * that nobody was shown; the host refuses what is in its way.
   */
  #request(face: Face, intent: Intent): Result<PatchRequest> {
    const { state } = this.#host.getView();
    const bay = state && patchBay(face, state);
    if (!bay || isLacking(bay, intent)) {
      const message = localize('routing.streamGone', 'A stream of it is no longer there.');
      return err({ code: 'notFound', message });
    }
    const make = findCrossings(bay, intent.make).filter(
      ({ source, destination }) => bay.patchedTo.get(destination)?.source !== source,
    );
    const { clear } = clearing(bay, findCrossings(bay, intent.clear));
    return ok(patchRequest(bay, { make, clear }));
  }

  #refuse(problem: Problem, routes: readonly NamedCrossing[]): void {
    this.#show({ pending: this.#pendingWithout(routes), problem });
    this.#host.announce(problem.message);
  }

  /** What it was about does not come back under its old name: it would stand in the way of all others for ever. */
  #dropIfGone({ code }: Problem, next: 'undo' | 'redo'): void {
    if (code === 'notFound') this.#show({ ...this.#kept, history: withoutNext(this.#view.history, next) });
  }

  /** A refusal is an answer about a state of the host. When that is another, the question is open again. */
  #forgetRefusals(): void {
    const basis = basisOfRefusals(this.#host.getView());
    if (basis.every((part, i) => part === this.#basis[i])) return;
    this.#basis = basis;
    this.#asked = new Set();
    if (this.#view.refused.size > 0) this.#show({ ...this.#kept, refused: new Map() });
  }

  /** What was asked for is pending until the state shows it. */
  async #settle(routes: readonly NamedCrossing[]): Promise<void> {
    if (routes.length === 0) return;
    await new Promise<void>((resolve) => {
      const stop = this.#host.subscribe(() => done());
      const timer = setTimeout(() => done(), settleMs);
      const done = (): void => {
        stop();
        clearTimeout(timer);
        resolve();
      };
    });
    this.#show({ ...this.#kept, pending: this.#pendingWithout(routes) });
  }

  #pendingWithout(routes: readonly NamedCrossing[]): readonly NamedCrossing[] {
    return this.#view.pending.filter((each) => !routes.includes(each));
  }

  get #kept(): Pick<PatchingView, 'problem'> {
    const { problem } = this.#view;
    return problem ? { problem } : {};
  }

  /** A problem goes with the next thing that is done. */
  #show(change: Partial<PatchingView>): void {
    const { history, pending, refused } = this.#view;
    this.#view = { history, pending, refused, ...change };
    this.#changed.fire();
  }
}

/** A stream, with what was known of it when the host was asked. */
const streamKey = ({ id, detail }: ChannelGroup): string => `${id} ${detail}`;

const basisOfRefusals = ({ connection, state }: HostView): readonly unknown[] => [
  connection,
  state?.status.interfaces,
  state?.status.device.rate,
  state?.extensions,
];

const asksNothing = (request: PatchRequest): boolean =>
  Object.values(request).every((part) => Array.isArray(part) && part.length === 0);

/** Keys of the crossings of a face that are pending. */
export function pendingKeys(bay: PatchBay, pending: readonly NamedCrossing[]): ReadonlySet<string> {
  return new Set(findCrossings(bay, pending).map(crossingKey));
}

/** The face with what the host said about sessions. */
export function withRefusals(bay: PatchBay, refused: ReadonlyMap<string, string>): PatchBay {
  if (refused.size === 0) return bay;
  const groups = bay.sources.groups.map((group) => {
    const why = group.ref?.sessionId === undefined ? undefined : refused.get(streamKey(group));
    return why === undefined ? group : { ...group, impossible: why };
  });
  return { ...bay, sources: { ...bay.sources, groups } };
}
