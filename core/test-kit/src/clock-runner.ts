import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { nativeRunner } from './native-runner.ts';
import { until } from './until.ts';

/** As `tutti_clock_state` of tutti/clock.h counts them. */
export const clockStates = ['freeRun', 'listening', 'calibrating', 'locked', 'holdover'] as const;
export type ClockState = (typeof clockStates)[number];

/** What a clock source published: media time at local time t is `mediaNs + dt * (1 + rate)`, dt = t - localNs. */
export interface ClockRelation {
  readonly size: number;
  readonly abi: number;
  readonly state: ClockState | undefined;
  /** CLOCK_MONOTONIC. */
  readonly localNs: bigint;
  readonly mediaNs: bigint;
  readonly rate: number;
  readonly errorNs: bigint;
  readonly generation: bigint;
}

interface Answer {
  readonly answer: string;
  readonly sentence?: string;
  readonly keptSmallBuffer?: boolean;
  readonly length?: number;
  readonly text?: string;
}

/** A clock source in a process of its own, whose clocks are in the test's hands. */
export class ClockRunner {
  readonly relations: ClockRelation[] = [];
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: Answer[] = [];
  #said = '';

  private constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    createInterface(process.stdout).on('line', (line) => this.#read(line));
  }

  static async start(library: string, id: string): Promise<ClockRunner> {
    return new ClockRunner(spawn(await nativeRunner(), ['clock', resolve(library), id]));
  }

  get last(): ClockRelation | undefined {
    return this.relations.at(-1);
  }

  /** Media time at a local time, as the last relation has it. */
  mediaAt(localNs: bigint, relation = this.last): bigint {
    if (relation === undefined) throw new Error(`nothing was published. ${this.#said}`);
    const dt = localNs - relation.localNs;
    return relation.mediaNs + dt + BigInt(Math.round(Number(dt) * relation.rate));
  }

  async ask(line: string): Promise<Answer> {
    const before = this.#answers.length;
    this.#process.stdin.write(`${line}\n`);
    await until(`an answer to "${line}"`, () => this.#answers.length > before || this.#ended);
    const answer = this.#answers[before];
    if (answer === undefined) throw new Error(`the library ended its process at "${line}": ${this.#said}`);
    return answer;
  }

  async waitFor(what: string, holds: (last: ClockRelation) => boolean, timeoutMs: number): Promise<void> {
    const holdsNow = (): boolean => this.last !== undefined && holds(this.last);
    await until(what, () => holdsNow() || this.#ended, timeoutMs).catch((error: unknown) => {
      throw new Error(`${String(error)}; the last relation: ${show(this.last)}. ${this.#said}`);
    });
    if (!holdsNow()) throw new Error(`the library ended its process: ${this.#said}`);
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    const closed = new Promise((done) => this.#process.once('close', done));
    this.#process.stdin.end();
    const killer = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await closed;
    clearTimeout(killer);
  }

  get #ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #read(line: string): void {
    const { relation, ...answer } = JSON.parse(line) as Partial<Answer> & {
      readonly relation?: Record<'localNs' | 'mediaNs' | 'errorNs' | 'generation', string> &
        Record<'size' | 'abi' | 'state' | 'rate', number>;
    };
    if (relation === undefined) {
      this.#answers.push(answer as Answer);
      return;
    }
    this.relations.push({
      size: relation.size,
      abi: relation.abi,
      state: clockStates[relation.state],
      localNs: BigInt(relation.localNs),
      mediaNs: BigInt(relation.mediaNs),
      rate: relation.rate,
      errorNs: BigInt(relation.errorNs),
      generation: BigInt(relation.generation),
    });
  }
}

function show(relation: ClockRelation | undefined): string {
  return relation === undefined
    ? 'none'
    : JSON.stringify(relation, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
