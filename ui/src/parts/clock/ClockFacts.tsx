import type { ClockDetails, ClockInterface } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import { nsText, roleText } from './clock-words.ts';

/** The numbers of this moment. */
export function ClockFacts({ details }: { readonly details: ClockDetails }) {
  const { report } = details;
  const { master, interfaces = [], ratePpm } = report;
  const facts: readonly (readonly [string, string])[] = [
    [localize('clock.source', 'Source'), details.source],
    [localize('clock.role', 'Role'), roleText(report.role)],
    [localize('clock.grandmaster', 'Grandmaster'), details.grandmaster ?? '–'],
    [
      localize('clock.domain', 'Domain'),
      details.domain === undefined
        ? '–'
        : `${details.domain}${details.ptpVersion === undefined ? '' : ` (${details.ptpVersion})`}`,
    ],
    [
      localize('clock.master', 'Measured against'),
      master ? [master.identity, master.address, master.interface].filter(Boolean).join(' · ') : '–',
    ],
    [localize('clock.offset', 'Offset'), nsText(report.offsetNs)],
    [localize('clock.pathDelay', 'Path delay'), nsText(report.pathDelayNs)],
    [
      localize('clock.rate', 'Rate of the master'),
      ratePpm === undefined ? '–' : `${signed(ratePpm.toFixed(3))} ppm`,
    ],
    [
      localize('clock.error', 'Estimated error'),
      details.errorNs === undefined ? '–' : `±${nsText(details.errorNs)}`,
    ],
    [localize('clock.steps', 'Steps'), String(details.steps)],
    [localize('clock.timestamps', 'Timestamps'), interfaces.map(timestampText).join(', ') || '–'],
    [
      localize('clock.messages', 'Messages per second'),
      Object.entries(report.rates ?? {})
        .map(([kind, rate]) => `${kind} ${Number(rate.toFixed(1))}`)
        .join(', ') || '–',
    ],
  ];
  return (
    <dl className="clock-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What stamps the messages of an interface, and why not something better. */
function timestampText({ name, timestamping, reason }: ClockInterface): string {
  return `${name}: ${timestamping ?? '–'}${reason === undefined ? '' : ` (${reason})`}`;
}

const signed = (text: string): string => (text.startsWith('-') ? text.replace('-', '−') : `+${text}`);
