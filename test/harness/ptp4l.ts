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
  /** Ports besides the one on the station's interface. */
  readonly moreInterfaces?: readonly string[];
}

export interface Ptp4lFollowerOptions extends Ptp4lOptions {
  /** How it measures the path: as a Delay_Req to the group (default) or to the master's own address, or link by link. */
  readonly delay?: 'multicast' | 'hybrid' | 'peer';
  /** Steers from its second Sync on, with a servo as for hardware timestamps; else it watches for 40 s first. */
  readonly eager?: boolean;
}

const masterLines = ['masterOnly 1', 'free_running 1'];
const delayLines = { multicast: [], hybrid: ['hybrid_e2e 1'], peer: ['delay_mechanism P2P'] } as const;
const eagerLines = ['pi_proportional_const 0.7', 'pi_integral_const 0.3'];

/** Announces that may be missing before a master is given up (AES67-2018 Annex A: announceReceiptTimeout). */
const announceReceiptTimeout = 3;

/**
 * linuxptp's ptp4l with the kernel's software timestamps. As a master it serves CLOCK_REALTIME of this machine, which is the
 * truth of every namespace. It never touches that clock: it has not the right to.
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
    const master = Ptp4l.start(lab, at, options, masterLines);
    await master.program.waitFor(/assuming the grand master role/, 30_000);
    return master;
  }

  /** A master that waits until it is the best one. */
  static standby(lab: Lab, at: Station, options: Ptp4lOptions = {}): Ptp4l {
    return Ptp4l.start(lab, at, options, masterLines);
  }

  /**
   * A follower that steers a clock of its own, whose error is known; it shares the ports with whatever else speaks PTP at the
   * station.
   */
  static follower(lab: Lab, at: Station, options: Ptp4lFollowerOptions = {}): Ptp4l {
    const { delay = 'multicast', eager = false } = options;
    const lines = ['slaveOnly 1', ...delayLines[delay], ...(eager ? eagerLines : [])];
    return Ptp4l.start(lab, at, { aheadNs: 0n, ...options }, lines, lab.file('ptp4l.log'));
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
        ...['[global]', 'time_stamping software', `domainNumber ${options.domain ?? 0}`],
        ...[`priority1 ${options.priority1 ?? 128}`, `announceReceiptTimeout ${announceReceiptTimeout}`],
        ...[`logAnnounceInterval ${logAnnounceInterval}`, `logSyncInterval ${options.logSyncInterval ?? -3}`],
        `logMinDelayReqInterval ${options.logMinDelayReqInterval ?? 0}`,
        `clockIdentity ${squeeze(a)}.${squeeze(b)}.${squeeze(c)}`,
        `uds_address ${lab.file('ptp4l')}`,
        ...lines,
        '',
      ].join('\n'),
    );
    const ownClock = [
      `LD_PRELOAD=${join(repository, 'build/tools/own_clock.so')}`,
      `TUTTI_AHEAD_NS=${options.aheadNs ?? 0n}`,
    ];
    const program = lab.start(
      at,
      'setpriv',
      [
        ...['--bounding-set', '-sys_time', 'env', ...(options.aheadNs === undefined ? [] : ownClock)],
        ...['ptp4l', '-f', config, '-m', '-q'],
        ...[at.interface, ...(options.moreInterfaces ?? [])].flatMap((name) => ['-i', name]),
      ],
      output === undefined ? {} : { stdout: output },
    );
    return new Ptp4l(program, identity, logAnnounceInterval, output);
  }

  /** By how much a follower's clock was off, ns, before each time that it steered it. */
  errors(): number[] {
    const said = this.output === undefined ? this.program.stdout : readFileSync(this.output, 'utf8');
    return [...said.matchAll(/clock error (-?\d+)/g)].map(([, ns]) => Number(ns));
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
