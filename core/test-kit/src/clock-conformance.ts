import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClockRunner, type ClockRelation } from './clock-runner.ts';
import type { ConformanceCase } from './conformance.ts';

/** What the clock under test follows. Local time is CLOCK_MONOTONIC, `process.hrtime.bigint()`, in ns. */
export interface ClockReference {
  /** Media time that a perfect clock would have at a local time. */
  mediaAt(localNs: bigint): bigint;
  /** Sets its time forward. */
  step(ns: bigint): Promise<void> | void;
  /** Makes it run faster. */
  slew(ppm: number): Promise<void> | void;
  /** Takes it away, and gives it back; absent only if the subject's `canBeLost` is false. */
  lose?(): Promise<void> | void;
  giveBack?(): Promise<void> | void;
  dispose(): Promise<void> | void;
}

export interface ClockSubject {
  /** Path of the library, with its ending. */
  readonly library: string;
  /** Id of the source. */
  readonly id: string;
  /** Options with which it follows the reference. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Starts what it follows; `runner` can step and slew the computer's own clocks as the library sees them. */
  reference(runner: ClockRunner): Promise<ClockReference> | ClockReference;
  /** How far from the reference it may be, ns: its accuracy and what the test's own timing adds. */
  readonly toleranceNs: number;
  /** Longest time, ms, until it is locked, and until it knows of a step, a slew or a loss. */
  readonly settleMs: number;
  /** False for a clock whose reference is always there, as the computer's own; true unless given. */
  readonly canBeLost?: boolean;
}

/** A step that no clock may take for noise, ns. */
const step = 2_000_000_000n;
const slewPpm = 100;
/** How exactly a clock has to know the rate of its reference, ppm, when it had time to learn it. */
const ratePpm = 20;
/** Media time does not jump by more than this without a new generation, ns: half a sample at 48 kHz takes 10 us, noise more. */
const mostJumpNs = 1_000_000n;

/** What every clock source behind the C ABI (`tutti/clock.h`) must do. */
export function clockConformance(subject: ClockSubject): readonly ConformanceCase[] {
  const rules: readonly [string, (rig: ClockRig) => Promise<void>][] = [
    ['it publishes a first relation at once, and each one keeps the contract', publishes],
    ['nothing is published after stop, however often it is started', stops],
    ['options that are none are refused with a sentence', refusesOptions],
    ['its report is one JSON object and leaves a buffer alone that is too small', reports],
    ['it locks to its reference and gives its time', locks],
    ['a step of the reference is a new generation, and the new time', followsStep],
    ['a reference that runs faster is followed without a step', followsSlew],
    ['a reference that is lost is said to be, media time goes on, and it is followed again', survivesLoss],
  ];
  const asked = rules.filter(([, rule]) => rule !== survivesLoss || subject.canBeLost !== false);
  return asked.map(([title, rule]) => ({
    title: `clock ${subject.id}: ${title}`,
    run: async () => {
      const rig = await ClockRig.open(subject);
      try {
        await rule(rig);
      } finally {
        await rig.close();
      }
    },
  }));
}

class ClockRig {
  readonly subject: ClockSubject;
  readonly runner: ClockRunner;
  readonly reference: ClockReference;

  private constructor(subject: ClockSubject, runner: ClockRunner, reference: ClockReference) {
    this.subject = subject;
    this.runner = runner;
    this.reference = reference;
  }

  static async open(subject: ClockSubject): Promise<ClockRig> {
    const runner = await ClockRunner.start(subject.library, subject.id);
    return new ClockRig(subject, runner, await subject.reference(runner));
  }

  async close(): Promise<void> {
    await this.runner.end();
    await this.reference.dispose();
  }

  async start(): Promise<void> {
    const { answer, sentence } = await this.runner.ask(`start ${JSON.stringify(this.subject.options)}`);
    assert.equal(answer, 'started', sentence);
  }

  async startLocked(): Promise<void> {
    await this.start();
    await this.waitFor('it to be locked', ({ state }) => state === 'locked');
  }

  waitFor(what: string, holds: (last: ClockRelation) => boolean): Promise<void> {
    return this.runner.waitFor(what, holds, this.subject.settleMs);
  }

  /** How far a relation is from the reference, ns. */
  errorOf(relation: ClockRelation): number {
    return Number(relation.mediaNs - this.reference.mediaAt(relation.localNs));
  }

  isRight = (relation: ClockRelation): boolean =>
    relation.state === 'locked' && Math.abs(this.errorOf(relation)) <= this.subject.toleranceNs;

  /** Relations follow from each other unless a new generation says otherwise. */
  checkContinuity(): void {
    const { relations } = this.runner;
    relations.forEach((relation, i) => {
      const before = relations[i - 1];
      if (before === undefined) return;
      assert.ok(relation.localNs >= before.localNs, 'relations are published in the order of local time');
      assert.ok(relation.generation >= before.generation, 'a generation went back');
      if (relation.generation !== before.generation) return;
      const jump = relation.mediaNs - this.runner.mediaAt(relation.localNs, before);
      const size = jump < 0n ? -jump : jump;
      assert.ok(
        size <= mostJumpNs,
        `media time jumped by ${jump} ns within generation ${relation.generation}`,
      );
    });
  }
}

async function publishes(rig: ClockRig): Promise<void> {
  await rig.start();
  const first = rig.runner.relations.length;
  assert.ok(first > 0, 'a first relation is published before start returns');
  await rig.waitFor('a sign of life', () => rig.runner.relations.length > first + 2);
  const now = process.hrtime.bigint();
  for (const each of rig.runner.relations) {
    assert.ok(each.size > 0 && each.abi >> 16 === 1, 'size or ABI are not filled in');
    assert.notEqual(each.state, undefined, 'the state is none of tutti_clock_state');
    assert.ok(Math.abs(each.rate) <= 1e-3, `rate_deviation ${each.rate} is beyond 1e-3`);
    assert.ok(each.errorNs >= -1n, `error_ns ${each.errorNs} is below -1`);
    const age = now - each.localNs;
    assert.ok(age > -2_000_000_000n && age < 120_000_000_000n, 'local_ns is not CLOCK_MONOTONIC');
  }
  rig.checkContinuity();
}

async function stops(rig: ClockRig): Promise<void> {
  for (let i = 0; i < 5; i += 1) {
    await rig.start();
    await rig.runner.ask('stop');
    const count = rig.runner.relations.length;
    await sleep(150);
    assert.equal(rig.runner.relations.length, count, 'a relation was published after stop');
  }
}

async function refusesOptions(rig: ClockRig): Promise<void> {
  for (const options of ['nonsense', '[1', '{"']) {
    const { answer, sentence } = await rig.runner.ask(`start ${options}`);
    assert.equal(answer, 'refused', `it started with the options ${options}`);
    assert.match(sentence ?? '', /\w+ \w+/, 'the refusal says nothing');
  }
  assert.equal(rig.runner.relations.length, 0, 'something was published though start failed');
}

async function reports(rig: ClockRig): Promise<void> {
  await rig.start();
  const { text, length, keptSmallBuffer } = await rig.runner.ask('report');
  if (text === undefined) return; // it has no report, as it may
  assert.equal(keptSmallBuffer, true, 'a report was written into a buffer that is too small');
  assert.equal(Buffer.byteLength(text), length, 'the length is not that of the text');
  const report: unknown = JSON.parse(text);
  assert.ok(typeof report === 'object' && report !== null && !Array.isArray(report));
}

async function locks(rig: ClockRig): Promise<void> {
  await rig.startLocked();
  await rig.waitFor('the time of its reference', rig.isRight);
  await sleep(300);
  const last = rig.runner.last;
  assert.ok(last && rig.isRight(last), `it left its reference by ${last && rig.errorOf(last)} ns`);
  rig.checkContinuity();
}

async function followsStep(rig: ClockRig): Promise<void> {
  await rig.startLocked();
  await rig.waitFor('the time of its reference', rig.isRight);
  const before = rig.runner.last?.generation ?? 0n;
  await rig.reference.step(step);
  await rig.waitFor('a new generation', ({ generation }) => generation > before);
  await rig.waitFor('the new time', rig.isRight);
  rig.checkContinuity();
}

async function followsSlew(rig: ClockRig): Promise<void> {
  await rig.startLocked();
  await rig.waitFor('the time of its reference', rig.isRight);
  const before = rig.runner.last?.generation ?? 0n;
  await rig.reference.slew(slewPpm);
  const second = 1_000_000_000n;
  const now = process.hrtime.bigint();
  const rate = Number(rig.reference.mediaAt(now + second) - rig.reference.mediaAt(now) - second) / 1e9;
  await rig.waitFor(
    `a rate of ${(rate * 1e6).toFixed(1)} ppm`,
    (last) => Math.abs(last.rate - rate) * 1e6 < ratePpm && rig.isRight(last),
  );
  await sleep(300);
  assert.equal(rig.runner.last?.generation, before, 'a slew was taken for a step');
  rig.checkContinuity();
}

async function survivesLoss(rig: ClockRig): Promise<void> {
  const { reference } = rig;
  assert.ok(reference.lose && reference.giveBack, 'the reference has no lose and giveBack');
  await rig.startLocked();
  await rig.waitFor('the time of its reference', rig.isRight);
  const before = rig.runner.last?.generation ?? 0n;
  await reference.lose();
  await rig.waitFor('it to notice the loss', ({ state }) => state !== 'locked');
  const lost = rig.runner.relations.length;
  await rig.waitFor('signs of life without its reference', () => rig.runner.relations.length > lost + 2);
  assert.equal(rig.runner.last?.generation, before, 'media time does not step because the reference is gone');
  await reference.giveBack();
  await rig.waitFor('it to be locked again', rig.isRight);
  rig.checkContinuity();
}
