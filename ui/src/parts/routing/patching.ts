import { Emitter, type Problem } from '@tutti/base';
import type { PatchRequest } from '@tutti/common';
import type { Host } from '../../api/host.ts';
import { localize } from '../../localize/localize.ts';
import { crossingKey } from './cell-states.ts';
import type { Crossing, Face, PatchBay } from './patch-bay.ts';
import { noHistory, withRedone, withStep, withUndone, type PatchHistory } from './patch-history.ts';
import { patchRequest } from './patch-request.ts';
import { blockFrom, propose, type Proposal } from './proposal.ts';

/** A crosspoint by what stays the same while streams come and go. */
interface PendingRoute {
  readonly face: Face;
  readonly group: string;
  /** Of the stream, from 1. */
  readonly channel: number;
  readonly device: number;
}

export interface PatchingView {
  readonly history: PatchHistory;
  readonly pending: readonly PendingRoute[];
  /** Why the last gesture, undo or redo was refused. */
  readonly problem?: Problem;
  /** By id of a group: why the host would not receive it. */
  readonly refused: ReadonlyMap<string, string>;
}

/** A change shows in the host's state this soon after its answer. */
const settleMs = 1000;

/** What was patched in this window: sends it, remembers it for undo, and knows what is not answered yet. One a page. */
export class Patching {
  readonly #host: Host;
  readonly #changed = new Emitter<void>();
  /** Sessions about which the host was asked, by id, with what was known of them then. */
  readonly #asked = new Set<string>();
  #queue: Promise<void> = Promise.resolve();
  #view: PatchingView = { history: noHistory, pending: [], refused: new Map() };

  constructor(host: Host) {
    this.#host = host;
  }

  readonly getView = (): PatchingView => this.#view;
  readonly subscribe = (changed: () => void): (() => void) => {
    const subscription = this.#changed.event(changed);
    return () => subscription.dispose();
  };

  /** Does what a proposal says, as one step. */
  apply(bay: PatchBay, proposal: Proposal, title: string): Promise<void> {
    const request = patchRequest(bay, proposal);
    const routes = [...proposal.make, ...proposal.clear].map((crossing) => pendingRoute(bay, crossing));
    this.#show({ pending: [...this.#view.pending, ...routes] });
    return this.#inOrder(async () => {
      const reply = await this.#send(request, routes);
      if (!reply) return;
      this.#show({ history: withStep(this.#view.history, { title, request, undo: reply.undo }) });
      this.#host.announce(title);
    });
  }

  undo(): Promise<void> {
    return this.#inOrder(async () => {
      const step = this.#view.history.done.at(-1);
      if (!step || !(await this.#send(step.undo, []))) return;
      for (const id of step.undo.remove ?? []) this.#host.receiverRemoved(id);
      this.#show({ history: withUndone(this.#view.history) });
      this.#host.announce(localize('routing.undone', 'Undone: {0}', step.title));
    });
  }

  redo(): Promise<void> {
    return this.#inOrder(async () => {
      const step = this.#view.history.undone.at(-1);
      const reply = step && (await this.#send(step.request, []));
      if (!step || !reply) return;
      this.#show({ history: withRedone(this.#view.history, reply) });
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
    const key = `${group.id} ${group.detail}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    const { impossible, ...proposal } = propose(bay, blockFrom(bay, crossing).slice(0, 1));
    const answer = await this.#host.api.patch({
      ...patchRequest(bay, { ...proposal, impossible }),
      dryRun: true,
    });
    // That an input is taken, or nobody answers, says nothing about the session.
    if (answer.ok || !['unsupported', 'invalid', 'limit', 'interfaceGone'].includes(answer.error.code))
      return;
    const { message, fix } = answer.error;
    const refused = new Map(this.#view.refused).set(
      group.id,
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
  async #send(request: PatchRequest, routes: readonly PendingRoute[]) {
    this.#show({});
    const answer = await this.#host.api.patch(request);
    if (answer.ok) {
      for (const receiver of answer.value.receivers) this.#host.receiverAdded(receiver);
      void this.#settle(routes);
      return answer.value;
    }
    this.#show({
      pending: this.#view.pending.filter((each) => !routes.includes(each)),
      problem: answer.error,
    });
    this.#host.announce(answer.error.message);
    return undefined;
  }

  /** What was asked for is pending until the state shows it. */
  async #settle(routes: readonly PendingRoute[]): Promise<void> {
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
    this.#show({ ...this.#kept, pending: this.#view.pending.filter((each) => !routes.includes(each)) });
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

function pendingRoute(bay: PatchBay, { source, destination }: Crossing): PendingRoute {
  const [stream, device, axis] =
    bay.face === 'receive' ? [source, destination, bay.sources] : [destination, source, bay.destinations];
  const channel = axis.channels[stream];
  return {
    face: bay.face,
    group: axis.groups[channel?.group ?? -1]?.id ?? '',
    channel: channel?.number ?? 0,
    device,
  };
}

/** Keys of the crossings of a face that are pending. */
export function pendingKeys(bay: PatchBay, pending: readonly PendingRoute[]): ReadonlySet<string> {
  const axis = bay.face === 'receive' ? bay.sources : bay.destinations;
  return new Set(
    pending.flatMap(({ face, group: id, channel, device }) => {
      const group = axis.groups.find((each) => each.id === id);
      if (face !== bay.face || !group) return [];
      const stream = group.first + channel - 1;
      return [
        crossingKey(
          face === 'receive'
            ? { source: stream, destination: device }
            : { source: device, destination: stream },
        ),
      ];
    }),
  );
}

/** The face with what the host said about sessions. */
export function withRefusals(bay: PatchBay, refused: ReadonlyMap<string, string>): PatchBay {
  if (refused.size === 0) return bay;
  const groups = bay.sources.groups.map((group) => {
    const why = group.ref?.sessionId === undefined ? undefined : refused.get(group.id);
    return why === undefined ? group : { ...group, impossible: why };
  });
  return { ...bay, sources: { ...bay.sources, groups } };
}
