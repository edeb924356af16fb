import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, type Lab, type Station } from './lab.ts';
import type { Program } from './process.ts';

export interface Ptp4lOptions {
  readonly domain?: number;
  /** Lower wins. */
  readonly priority1?: number;
  /** As powers of two in seconds. Faster than AES67's 1 by default, so that what depends on it need not be waited for. */
  readonly logAnnounceInterval?: number;
  readonly logSyncInterval?: number;
  readonly logMinDelayReqInterval?: number;
  /** By how much the time that it serves is ahead of this machine's, ns. */
  readonly aheadNs?: bigint;
  /** EUI-64, as in `02-00-00-FF-FE-00-00-01`. */
  readonly identity?: string;
}

/** Announces that may be missing before a master is given up (AES67-2018 Annex A: announceReceiptTimeout). */
const announceReceiptTimeout = 3;

/**
 * linuxptp's ptp4l with the kernel's software timestamps. It never touches the system's clock (`free_running`): as a master
 * it serves CLOCK_REALTIME of this machine, which is the truth of every namespace; as a follower it reports its own error.
 */
export class Ptp4l {
  readonly program: Program;
  readonly identity: string;
  /** From the last Announce until followers must have noticed that there are no more, ms. */
  readonly announceTimeoutMs: number;

  private constructor(
    program: Program,
    identity: string,
    logAnnounceInterval: number,
    private readonly output: string | undefined,
  ) {
    this.program = program;
    this.identity = identity;
    this.announceTimeoutMs = announceReceiptTimeout * 1000 * 2 ** logAnnounceInterval;
  }

  /** Resolves when it serves; with a better master on the network it never does. */
  static async master(lab: Lab, at: Station, options: Ptp4lOptions = {}): Promise<Ptp4l> {
    const master = Ptp4l.start(lab, at, options, ['masterOnly 1']);
    await master.program.waitFor(/assuming the grand master role/, 30_000);
    return master;
  }

  /** A master that waits until it is the best one. */
  static standby(lab: Lab, at: Station, options: Ptp4lOptions = {}): Ptp4l {
    return Ptp4l.start(lab, at, options, ['masterOnly 1']);
  }

  /** A follower; it shares the ports with whatever else speaks PTP at the station. */
  static follower(lab: Lab, at: Station, options: Ptp4lOptions = {}): Ptp4l {
    const sync = options.logSyncInterval ?? -3; // as often as there are Sync: every offset is printed
    const lines = ['slaveOnly 1', `summary_interval ${sync}`, `freq_est_interval ${sync}`];
    return Ptp4l.start(lab, at, options, lines, lab.file('ptp4l.log'));
  }

  private static start(
    lab: Lab,
    at: Station,
    options: Ptp4lOptions,
    lines: readonly string[],
    output?: string,
  ): Ptp4l {
    const logAnnounceInterval = options.logAnnounceInterval ?? -1;
    const identity = options.identity ?? freshIdentity();
    const config = lab.file('ptp4l.conf');
    const [a, b, c] = [identity.slice(0, 8), identity.slice(9, 14), identity.slice(15)];
    const squeeze = (text: string | undefined) => (text ?? '').replaceAll('-', '').toLowerCase();
    writeFileSync(
      config,
      [
        ...['[global]', 'time_stamping software', 'free_running 1', `domainNumber ${options.domain ?? 0}`],
        ...[`priority1 ${options.priority1 ?? 128}`, `announceReceiptTimeout ${announceReceiptTimeout}`],
        ...[`logAnnounceInterval ${logAnnounceInterval}`, `logSyncInterval ${options.logSyncInterval ?? -3}`],
        `logMinDelayReqInterval ${options.logMinDelayReqInterval ?? 0}`,
        `clockIdentity ${squeeze(a)}.${squeeze(b)}.${squeeze(c)}`,
        `uds_address ${lab.file('ptp4l')}`,
        ...lines,
        '',
      ].join('\n'),
    );
    const shift: Record<string, string> =
      options.aheadNs === undefined
        ? {}
        : {
            LD_PRELOAD: join(repository, 'build/tools/shift_stamps.so'),
            TUTTI_SHIFT_NS: String(options.aheadNs),
          };
    const command = ['ptp4l', '-i', at.interface, '-f', config, '-m', '-q'];
    const program = lab.start(
      at,
      'env',
      [...Object.entries(shift).map((each) => each.join('=')), ...command],
      output === undefined ? {} : { stdout: output },
    );
    return new Ptp4l(program, identity, logAnnounceInterval, output);
  }

  /** A follower's offsets so far, ns, without the first ones, in which it learns the path delay. */
  offsets(): number[] {
    const said = this.output === undefined ? this.program.stdout : readFileSync(this.output, 'utf8');
    const all = [...said.matchAll(/master offset +(-?\d+)/g)].map(([, ns]) => Number(ns));
    return all.slice(4);
  }

  async kill(): Promise<void> {
    await this.program.stop('SIGKILL');
  }
}

let made = 0;

/** A locally administered one. */
function freshIdentity(): string {
  const last = (++made).toString(16).toUpperCase().padStart(2, '0');
  return `02-AE-67-FF-FE-00-00-${last}`;
}
