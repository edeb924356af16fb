import { setTimeout as sleep } from 'node:timers/promises';
import {
  DisposableStore,
  Emitter,
  fail,
  toProblem,
  TuttiError,
  type Disposable,
  type Problem,
} from '@tutti/base';
import type { ApplyPlanReply, EnginePlan } from '@tutti/common';
import type { EngineClient } from '../engine/engine-client.ts';
import type { EngineMonitor } from '../engine/engine-monitor.ts';
import type { Log } from '../platform/log.ts';
import type { StateStore } from '../state/state-store.ts';
import type { StoredState } from '../state/stored-state.ts';
import type { EnvironmentSource } from './environment-source.ts';
import { buildPlan } from './plan-builder.ts';
import type { Reconciler } from './reconciler.ts';

/** What is not in force is tried again this often. */
const retryMs = 3000;
/** A change waits this long for an engine that is being restarted. */
const engineWaitMs = 3000;

export class PlanReconciler implements Reconciler, Disposable {
  readonly #engine: EngineClient;
  readonly #monitor: EngineMonitor;
  readonly #state: StateStore;
  readonly #environment: EnvironmentSource;
  readonly #onReply: (reply: ApplyPlanReply) => void;
  readonly #log: Log;
  readonly #store = new DisposableStore();
  readonly #emitter = this.#store.add(new Emitter<void>());
  #queue: Promise<unknown> = Promise.resolve();
  #problems: ReadonlyMap<string, Problem> = new Map();
  #plan: EnginePlan | undefined;
  #retry: NodeJS.Timeout | undefined;
  #scheduled = false;
  /** Connections to engines so far: an answer of an older one says nothing of the present one. */
  #engines = 0;
  #started = false;

  readonly onDidChange = this.#emitter.event;

  /** @param onReply gets every reply: it says which telemetry slot is whose. */
  constructor(
    engine: EngineClient,
    monitor: EngineMonitor,
    state: StateStore,
    environment: EnvironmentSource,
    onReply: (reply: ApplyPlanReply) => void,
    log: Log,
  ) {
    this.#engine = engine;
    this.#monitor = monitor;
    this.#state = state;
    this.#environment = environment;
    this.#onReply = onReply;
    this.#log = log;
    this.#store.add(environment.onDidChange(() => this.#schedule()));
    this.#store.add(
      engine.onDidConnect(() => {
        this.#plan = undefined;
        this.#engines += 1;
        if (this.#started) void this.reconcile();
      }),
    );
  }

  get plan(): EnginePlan | undefined {
    return this.#plan;
  }

  problemOf(id: string): Problem | undefined {
    return this.#problems.get(id);
  }

  change(
    change: (state: StoredState) => StoredState,
    subjects: (state: StoredState) => readonly string[],
  ): Promise<StoredState> {
    return this.#inOrder(async () => {
      const wanted = change(this.#state.current);
      const named = subjects(wanted);
      const built = buildPlan(wanted, this.#environment.current());
      for (const id of named) throwIf(built.problems.get(id));
      if (named.length > 0) await this.#engineRuns();
      const touched = this.#engine.state === 'running';
      const engine = this.#engines;
      try {
        const reply = touched ? await this.#engine.apply(built.plan) : undefined;
        for (const id of named) throwIf(reply?.problems.find((each) => each.id === id)?.problem);
        await this.#state.update(change);
        if (reply !== undefined && engine === this.#engines) this.#accept(built.plan, built.problems, reply);
        return this.#state.current;
      } catch (error) {
        this.#plan = undefined; // what the engine has now is not known
        if (touched) await this.#apply(true).catch(() => this.#schedule());
        throw error;
      }
    });
  }

  tryChange(
    change: (state: StoredState) => StoredState,
    subjects: (state: StoredState) => readonly string[],
  ): Promise<StoredState> {
    return this.#inOrder(async () => {
      const wanted = change(this.#state.current);
      const built = buildPlan(wanted, this.#environment.current());
      const { problems } = await this.#engine.check(built.plan);
      for (const id of subjects(wanted)) {
        throwIf(built.problems.get(id));
        throwIf(problems.find((each) => each.id === id)?.problem);
      }
      return wanted;
    });
  }

  async reconcile(): Promise<void> {
    this.#started = true;
    await this.#inOrder(async () => {
      if (this.#engine.state !== 'running') return;
      // The clock decides how streams are timed: ask first, so that a re-attached engine gets the plan it has already.
      await this.#monitor.refresh();
      await this.#apply();
    }).catch((error: unknown) => {
      this.#log.error('plan.failed', `the plan could not be applied: ${toProblem(error).message}`);
      this.#retryLater();
    });
  }

  dispose(): void {
    clearTimeout(this.#retry);
    this.#store.dispose();
  }

  #inOrder<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(act);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** Many changes at once make one application. */
  #schedule(): void {
    if (this.#scheduled || !this.#started) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      void this.reconcile();
    });
  }

  async #engineRuns(): Promise<void> {
    for (const end = Date.now() + engineWaitMs; this.#engine.state !== 'running'; await sleep(20)) {
      if (Date.now() > end)
        throw fail('unavailable', 'the engine is not running', { fix: 'see its log, or "tutti doctor"' });
    }
  }

  /** @param anyway even if the engine was told the same already: it may have been told something else since. */
  async #apply(anyway = false): Promise<void> {
    const { plan, problems } = buildPlan(this.#state.current, this.#environment.current());
    const same = this.#plan !== undefined && JSON.stringify(plan) === JSON.stringify(this.#plan);
    if (!anyway && same && this.#problems.size === 0 && problems.size === 0) return;
    this.#accept(plan, problems, await this.#engine.apply(plan));
  }

  #accept(plan: EnginePlan, left: ReadonlyMap<string, Problem>, reply: ApplyPlanReply): void {
    const before = this.#problems;
    this.#plan = plan;
    this.#problems = new Map([...left, ...reply.problems.map(({ id, problem }) => [id, problem] as const)]);
    this.#onReply(reply);
    for (const [id, problem] of this.#problems) {
      if (before.get(id)?.message !== problem.message)
        this.#log.warn('plan.problem', `${id}: ${problem.message}`, { id });
    }
    for (const id of before.keys())
      if (!this.#problems.has(id)) this.#log.info('plan.recovered', `${id} is in force again or gone`);
    clearTimeout(this.#retry);
    if (this.#problems.size > 0) this.#retryLater();
    this.#emitter.fire();
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.reconcile(), retryMs).unref();
  }
}

function throwIf(problem: Problem | undefined): void {
  if (problem !== undefined) throw new TuttiError(problem);
}
