import type { DiagnosisSubject } from '@tutti/api';
import { createToken, toProblem } from '@tutti/base';
import type { CheckInfo, ReceiverInfo } from '@tutti/common';
import type { Telemetry } from '../engine/telemetry.ts';
import type { Extensions } from '../extensions/extensions.ts';
import type { Registries } from '../registries/registries.ts';
import type { StateStore } from '../state/state-store.ts';
import type { EnvironmentSource } from '../streams/environment-source.ts';
import type { Reconciler } from '../streams/reconciler.ts';
import { compareClocks } from '../streams/stream-timing.ts';
import type { Views } from './views.ts';

/** Peaks below this count as digital silence: half a step of 24 bits. */
const silence = 1 / 2 ** 24;

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
  readonly telemetry: Telemetry;
  readonly extensions: Extensions;
  readonly environment: EnvironmentSource;
  readonly state: StateStore;
  readonly reconciler: Reconciler;
  readonly registries: Registries;
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
    const streams = [...this.#views.receivers(), ...this.#views.senders()].map((each) => {
      const name = `stream ${each.id}`;
      if (each.state === 'running') return ok(name, `${each.name}: packets flow`);
      if (each.state === 'waiting')
        return warning(
          name,
          `${each.name}: no packets lately`,
          each.id.startsWith('r') ? `tutti doctor ${each.id}` : undefined,
        );
      return failed(name, `${each.name}: ${each.problem?.message ?? 'not in force'}`, each.problem?.fix);
    });
    return [...chain(this.#machine()), ...streams, ...(await this.#extended({ kind: 'machine' }))];
  }

  /** @throws TuttiError `notFound`. */
  async examineReceiver(id: string): Promise<readonly CheckInfo[]> {
    const receiver = this.#views.receiver(id);
    const own = chain([
      ...this.#machine(),
      this.#force(receiver),
      ...this.#packets(receiver),
      this.#format(receiver),
      this.#synchronisation(receiver),
      this.#losses(receiver),
      this.#lateness(receiver),
      this.#mapping(receiver),
      this.#signal(receiver),
    ]);
    return [...own, ...(await this.#extended({ kind: 'receiver', receiver }))];
  }

  /** What extensions have to say, beside the chain: theirs are no links of it. All are asked at once. */
  async #extended(subject: DiagnosisSubject): Promise<readonly CheckInfo[]> {
    const { contributions, checks } = this.#parts.registries;
    const asked = contributions.list().diagnosis.filter((each) => each.subject === subject.kind);
    const answers = asked.map(async ({ id, label }): Promise<readonly CheckInfo[]> => {
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
    const { engine, interfaces, clock, notices } = this.#views.status();
    const broken = this.#parts.extensions.list().filter((each) => each.problem !== undefined);
    return [
      interfaces.length > 0
        ? ok('interface', `up: ${interfaces.map((each) => `${each.name} (${each.address})`).join(', ')}`)
        : failed('interface', 'no network interface is up', 'connect one to a network'),
      engine.state === 'running'
        ? ok('engine', `running, pid ${engine.pid ?? 0}`)
        : failed('engine', `the engine is ${engine.state}`, 'see engine.log in the data directory'),
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
      ...notices.map((notice) => warning(notice.code, notice.message, notice.fix)),
    ];
  }

  #force({ state, problem }: ReceiverInfo): CheckInfo {
    return state === 'failed'
      ? failed('stream', problem?.message ?? 'not in force', problem?.fix)
      : ok('stream', 'in force: joined and listening');
  }

  #packets({ state, legs, counters }: ReceiverInfo): readonly CheckInfo[] {
    const wrongSource = counters['wrongSource'] ?? 0;
    if (state !== 'running') {
      const seen = counters['packets'] ?? 0;
      const group = legs.map((leg) => `${leg.address}:${leg.port} on ${leg.interface}`).join(', ');
      if (wrongSource > 0) {
        return [
          failed('packets', `${wrongSource} packets came, all from other senders than the session names`),
        ];
      }
      return [
        failed(
          'packets',
          seen > 0 ? `packets have stopped coming to ${group}` : `no packet has come to ${group}`,
          'is the sender on, is this the right interface, and does the switch have an IGMP querier?',
        ),
      ];
    }
    return legs.map((leg, i) => {
      const count = counters[i === 0 ? 'legAPackets' : 'legBPackets'] ?? counters['packets'] ?? 0;
      const name = legs.length > 1 ? `packets leg ${i + 1}` : 'packets';
      if (count > 0) return ok(name, `${count} packets to ${leg.address}:${leg.port} on ${leg.interface}`);
      return warning(
        name,
        `no packet to ${leg.address}:${leg.port} on ${leg.interface}: this path is not protected`,
      );
    });
  }

  #format({ counters, encoding, channels }: ReceiverInfo): CheckInfo {
    const payloadType = counters['wrongPayloadType'] ?? 0;
    const malformed = counters['malformed'] ?? 0;
    if (payloadType > 0) {
      return warning('format', `${payloadType} packets carried another payload type than the session says`);
    }
    if (malformed > 0) {
      const message = `${malformed} packets were not whole frames of ${channels} channels of ${encoding}`;
      return warning('format', message, 'the sender does not send what it announces');
    }
    return ok(
      'format',
      `${encoding}, ${channels} channels, ${counters['framesPerPacket'] ?? 0} frames a packet`,
    );
  }

  #synchronisation({ id, timing, counters }: ReceiverInfo): CheckInfo {
    const stored = this.#parts.state.current.receivers.find((each) => each.id === id);
    const match = stored && compareClocks(stored, this.#parts.environment.current());
    const reason = match?.reason ?? 'Our clock is not known yet.';
    const reanchors = counters['reanchors'] ?? 0;
    if (timing === 'shared' && match?.verdict === 'shared' && match.certain)
      return ok('synchronisation', reason);
    if (timing === 'shared')
      return warning('synchronisation', `placed as if the clock were shared. ${reason}`);
    const again = reanchors > 0 ? `, ${reanchors} times anew` : '';
    if (timing === 'resample') {
      const ppm = ((counters['senderPpb'] ?? 0) / 1000).toFixed(1);
      const message = `resampled${again}: the sender's clock differs from ours by ${ppm} ppm. ${reason}`;
      return reanchors === 0
        ? ok('synchronisation', message)
        : warning('synchronisation', message, 'look for jumps of its timestamps, or use one grandmaster');
    }
    return warning(
      'synchronisation',
      `anchored on arrival${again}. ${reason}`,
      'use the same grandmaster on both sides',
    );
  }

  #losses({ counters }: ReceiverInfo): CheckInfo {
    const lost = counters['lost'] ?? 0;
    const conflicts = counters['ssrcConflicts'] ?? 0;
    if (conflicts > 0)
      return warning('losses', `${conflicts} packets of a second sender on the same group were refused`);
    if (lost === 0) return ok('losses', 'no packet lost');
    return warning(
      'losses',
      `${lost} packets lost`,
      'look at the switch ports, and at receive buffers of this machine',
    );
  }

  #lateness({ counters, linkOffsetMs }: ReceiverInfo): CheckInfo {
    const late = counters['late'] ?? 0;
    const margin = (counters['marginMinNs'] ?? 0) / 1e6;
    const text = `smallest margin ${margin.toFixed(2)} ms of ${linkOffsetMs} ms link offset`;
    if (late === 0 && margin >= 0) return ok('lateness', text);
    return warning(
      'lateness',
      `${late} packets came too late to be played; ${text}`,
      'choose a longer link offset',
    );
  }

  #mapping({ map }: ReceiverInfo): CheckInfo {
    if (map.length > 0) return ok('mapping', `${map.length} channels go to device inputs`);
    return failed('mapping', 'no channel goes to a device input', 'tutti route set');
  }

  #signal({ map }: ReceiverInfo): CheckInfo {
    const peaks = this.#parts.telemetry.recentPeaks();
    if (peaks === undefined) return { check: 'signal', result: 'skipped', message: 'no meters yet' };
    const loudest = Math.max(0, ...map.map(([, input]) => peaks.inputs[input - 1] ?? 0));
    if (loudest < silence)
      return warning('signal', 'digital silence on every input of this receiver', 'is the source muted?');
    return ok('signal', `peak ${(20 * Math.log10(loudest)).toFixed(1)} dBFS in the last seconds`);
  }
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
