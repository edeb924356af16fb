import type { DiagnosisSubject } from '@tutti/api';
import { createToken, toProblem } from '@tutti/base';
import {
  healthDomains,
  longHoldupMs,
  type CheckInfo,
  type HealthFinding,
  type HealthState,
  type ReceiverInfo,
  type SenderInfo,
} from '@tutti/common';
import type { Extensions } from '../extensions/extensions.ts';
import type { Registries } from '../registries/registries.ts';
import type { Configuration } from '../state/configuration.ts';
import type { Reconciler } from '../streams/reconciler.ts';
import type { Views } from './views.ts';

const ok = (check: string, message: string): CheckInfo => ({ check, result: 'ok', message });
const warning = (check: string, message: string, fix?: string): CheckInfo => ({
  check,
  result: 'warning',
  message,
  ...(fix !== undefined && { fix }),
});
const failed = (check: string, message: string, fix?: string): CheckInfo => ({
  check,
  result: 'failed',
  message,
  ...(fix !== undefined && { fix }),
});

export interface DoctorParts {
  readonly views: Views;
  readonly extensions: Extensions;
  readonly reconciler: Reconciler;
  readonly registries: Registries;
  readonly configuration: Configuration;
}

/**
 * The ordered chain of checks from the wire to the signal. Once a link is broken, what depends on it is skipped: the first
 * one that failed is the one to mend.
 */
export class Doctor {
  readonly #parts: DoctorParts;
  readonly #views: Views;

  constructor(parts: DoctorParts) {
    this.#parts = parts;
    this.#views = parts.views;
  }

  /** The machine, then every stream in short. */
  async examine(): Promise<readonly CheckInfo[]> {
    const receivers = this.#views.receivers().map(receiverInShort);
    const senders = this.#views.senders().map(senderInShort);
    const extended = await this.#extended({ kind: 'machine' });
    return [...chain(this.#machine()), ...receivers, ...senders, ...extended];
  }

  /** @throws TuttiError `notFound`. */
  async examineReceiver(id: string): Promise<readonly CheckInfo[]> {
    const receiver = this.#views.receiver(id);
    const links = [...healthDomains, 'signal'] as const;
    const own = chain([...this.#machine(), ...links.map((name) => toCheck(name, receiver.health[name]))]);
    return [...own, ...(await this.#extended({ kind: 'receiver', receiver }))];
  }

  /** What extensions have to say, beside the chain: theirs are no links of it. All are asked at once. */
  async #extended(subject: DiagnosisSubject): Promise<readonly CheckInfo[]> {
    const { contributions, checks } = this.#parts.registries;
    const asked = contributions.list().diagnosis.filter((each) => each.subject === subject.kind);
    const answers = asked.map(async ({ id, label, extension }): Promise<readonly CheckInfo[]> => {
      await contributions.wake(extension);
      const check = checks.get(id);
      if (check === undefined) return []; // its extension is not active: said among the extensions
      try {
        const { result, message, fix } = await check.check(subject);
        return [{ check: id, result, message: `${label}: ${message}`, ...(fix !== undefined && { fix }) }];
      } catch (error) {
        return [warning(id, `${label}: ${toProblem(error).message}`)];
      }
    });
    return (await Promise.all(answers)).flat();
  }

  #machine(): readonly CheckInfo[] {
    const { engine, engineHeldUpMs, interfaces, clock, notices } = this.#views.status();
    const broken = this.#parts.extensions.list().filter((each) => each.problem !== undefined);
    return [
      interfaces.length > 0
        ? ok('interface', `up: ${interfaces.map((each) => `${each.name} (${each.address})`).join(', ')}`)
        : failed('interface', 'no network interface is up', 'connect one to a network'),
      engine.state === 'running'
        ? ok('engine', `running, pid ${engine.pid ?? 0}`)
        : failed('engine', `the engine is ${engine.state}`, 'see engine.log in the data directory'),
      ...(engineHeldUpMs > longHoldupMs
        ? [
            warning(
              'engine',
              `it was held up for ${engineHeldUpMs} ms within the last ten seconds`,
              'close what keeps the processor busy; a virtual machine that stands still needs longer link offsets',
            ),
          ]
        : []),
      broken[0] === undefined
        ? ok('extensions', 'all that are enabled are active')
        : warning(
            'extensions',
            broken.map((each) => `${each.id}: ${each.problem?.message ?? ''}`).join('; '),
          ),
      clock.state === 'locked' || clock.state === 'freeRun'
        ? ok(
            'clock',
            `${clock.source}: ${clock.state}${clock.grandmaster ? `, grandmaster ${clock.grandmaster}` : ''}`,
          )
        : warning('clock', `${clock.source}: ${clock.state}`),
      ...['device', 'clock'].flatMap((part) => {
        const problem = this.#parts.reconciler.problemOf(part);
        return problem === undefined ? [] : [failed(part, problem.message, problem.fix)];
      }),
      ...this.#parts.configuration.problems.map(({ message, fix }) => warning('settings', message, fix)),
      ...notices.map((notice) => warning(notice.code, notice.message, notice.fix)),
    ];
  }
}

const results: Readonly<Record<HealthState, CheckInfo['result']>> = {
  inactive: 'skipped',
  healthy: 'ok',
  partiallyHealthy: 'warning',
  unhealthy: 'failed',
};

/** Its worst link, the first of those that are equally bad. */
function receiverInShort({ id, name, health }: ReceiverInfo): CheckInfo {
  const worst = healthDomains.map((domain) => health[domain]).find(({ state }) => state === health.overall);
  const check = `stream ${id}`;
  const result = results[health.overall];
  if (result === 'ok' || worst === undefined) return { check, result, message: `${name}: packets flow` };
  return { check, result, message: `${name}: ${worst.message}`, fix: `tutti doctor ${id}` };
}

function senderInShort({ id, name, state, problem }: SenderInfo): CheckInfo {
  const check = `stream ${id}`;
  if (state === 'running') return ok(check, `${name}: packets flow`);
  if (state === 'waiting') return warning(check, `${name}: no packets lately`);
  return failed(check, `${name}: ${problem?.message ?? 'not in force'}`, problem?.fix);
}

function toCheck(check: string, { state, message, evidence, fix }: HealthFinding): CheckInfo {
  const text = state === 'inactive' ? message : `${message} (${evidence})`;
  return { check, result: results[state], message: text, ...(fix !== undefined && { fix }) };
}

/** Skips what comes after the first link that failed. */
function chain(checks: readonly CheckInfo[]): readonly CheckInfo[] {
  const broken = checks.findIndex((each) => each.result === 'failed');
  if (broken < 0) return checks;
  const because = `not looked at: ${checks[broken]?.check ?? ''} comes first`;
  return checks.map((each, i) =>
    i <= broken ? each : { check: each.check, result: 'skipped', message: because },
  );
}

export const DoctorToken = createToken<Doctor>('Doctor');
