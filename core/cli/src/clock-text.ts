import type { ClockCandidate, ClockDataset, ClockDetails } from '@tutti/common';
import { table } from './table.ts';

type Fact = readonly [string, string | number | undefined];

const recentSeconds = 600;
const shownEvents = 10;

/** The clock in `name: value` lines; what the source does not say is left out. */
export function clockFacts(clock: ClockDetails): readonly Fact[] {
  const { report } = clock;
  const { master, dataset, interfaces } = report;
  return [
    ['source', report.role === undefined ? clock.source : `${clock.source} (${report.role})`],
    ['state', clock.state],
    ['domain', clock.domain ?? report.domain],
    ['grandmaster', clock.grandmaster],
    ['it says', dataset && datasetText(dataset)],
    [
      'measured',
      master &&
        [
          master.identity,
          master.address && `at ${master.address}`,
          master.interface && `on ${master.interface}`,
        ]
          .filter((each) => each !== undefined)
          .join(' '),
    ],
    ['error', clock.errorNs === undefined ? undefined : `${time(clock.errorNs)} at most, as estimated`],
    ['offset', report.offsetNs === undefined ? undefined : `${time(report.offsetNs)}${recent(clock)}`],
    ['path delay', report.pathDelayNs === undefined ? undefined : time(report.pathDelayNs)],
    ['rate', report.ratePpm === undefined ? undefined : `${signed(report.ratePpm, 3)} ppm`],
    [
      'timestamps',
      interfaces
        ?.map(({ name, timestamping, reason }) =>
          [timestamping === undefined ? name : `${timestamping} on ${name}`, reason && `(${reason})`]
            .filter(Boolean)
            .join(' '),
        )
        .join(', '),
    ],
    ['messages', report.rates && numbers(report.rates, (value) => `${value.toFixed(1)}/s`)],
    ['counted', report.counters && numbers(report.counters, String)],
    ['media time', `${clock.mediaTime} ns`],
    ['steps', clock.steps],
  ];
}

/** Everyone who was heard and why they won or lost; empty if nobody was. */
export function candidateTable({ report }: ClockDetails): string {
  const { candidates = [] } = report;
  if (candidates.length === 0) return '';
  return table(
    ['CLOCK', 'DOMAIN', 'FROM', 'PRIORITY', 'CLASS', 'STANDING', 'WHY'],
    candidates.map((each) => [
      each.identity,
      text(each.domain),
      [each.address, each.interface].filter((part) => part !== undefined).join(' '),
      priorities(each),
      text(each.clockClass),
      each.standing,
      each.reason ?? '',
    ]),
  );
}

/** What changed last. */
export function eventLines({ events }: ClockDetails): string {
  return events
    .slice(-shownEvents)
    .map(({ at, message }) => `${at}  ${message}`)
    .join('\n');
}

function recent({ history }: ClockDetails): string {
  const offsets = history
    .slice(-recentSeconds)
    .flatMap(({ state, offsetNs }) =>
      state === 'locked' && offsetNs !== undefined ? [Math.abs(offsetNs)] : [],
    )
    .sort((a, b) => a - b);
  const at = (share: number): number => offsets[Math.floor(share * (offsets.length - 1))] ?? 0;
  if (offsets.length < 10) return '';
  return `; last ${offsets.length} s: median ${time(at(0.5))}, 99 % within ${time(at(0.99))}, all within ${time(at(1))}`;
}

function datasetText(dataset: ClockDataset): string {
  const { clockClass, accuracy, ptpTimescale, timeTraceable, utcOffset, utcOffsetValid } = dataset;
  return [
    `priority ${priorities(dataset)}`,
    clockClass !== undefined && `class ${clockClass}`,
    accuracy !== undefined && `accuracy 0x${accuracy.toString(16)}`,
    ptpTimescale === false ? 'a timescale of its own' : 'TAI',
    timeTraceable === true && 'traceable',
    utcOffsetValid === true && utcOffset !== undefined && `UTC offset ${utcOffset} s`,
  ]
    .filter((each) => each !== false)
    .join(', ');
}

function priorities({ priority1, priority2 }: Pick<ClockCandidate, 'priority1' | 'priority2'>): string {
  return [priority1, priority2].filter((each) => each !== undefined).join('/');
}

function numbers(values: Readonly<Record<string, number>>, show: (value: number) => string): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${show(value)}`)
    .join(', ');
}

/** Nanoseconds for people. */
function time(ns: number): string {
  const size = Math.abs(ns);
  if (size < 1000) return `${ns.toFixed(0)} ns`;
  if (size < 1e6) return `${(ns / 1000).toFixed(2)} us`;
  if (size < 1e9) return `${(ns / 1e6).toFixed(3)} ms`;
  return `${(ns / 1e9).toFixed(6)} s`;
}

const signed = (value: number, digits: number): string => `${value < 0 ? '' : '+'}${value.toFixed(digits)}`;
const text = (value: number | undefined): string => (value === undefined ? '' : String(value));
