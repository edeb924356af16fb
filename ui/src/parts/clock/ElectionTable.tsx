import type { ClockCandidate } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { accuracyText, standingFace } from './clock-words.ts';

/** Everyone who says he could give time, what decides between them in the order in which it does, and why. */
export function ElectionTable({ candidates }: { readonly candidates: readonly ClockCandidate[] }) {
  const title = localize('clock.election', 'Election');
  return (
    <section className="clock-election">
      <h3>{title}</h3>
      {candidates.length === 0 ? (
        <p className="quiet">{localize('clock.noCandidates', 'No clock of the network was heard.')}</p>
      ) : (
        <div className="table-scroll" tabIndex={0} role="region" aria-label={title}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{localize('clock.standing', 'Standing')}</th>
                <th scope="col">{localize('clock.identity', 'Identity')}</th>
                <th scope="col">{localize('clock.domain', 'Domain')}</th>
                <th scope="col" className="number">
                  {localize('clock.priority1', 'Priority 1')}
                </th>
                <th scope="col" className="number">
                  {localize('clock.class', 'Class')}
                </th>
                <th scope="col">{localize('clock.accuracy', 'Accuracy')}</th>
                <th scope="col" className="number">
                  {localize('clock.variance', 'Variance')}
                </th>
                <th scope="col" className="number">
                  {localize('clock.priority2', 'Priority 2')}
                </th>
                <th scope="col" className="number">
                  {localize('clock.stepsRemoved', 'Steps removed')}
                </th>
                <th scope="col">{localize('clock.heard', 'Heard')}</th>
                <th scope="col">{localize('clock.why', 'Why')}</th>
              </tr>
            </thead>
            <tbody>
              {candidates.map((candidate) => (
                <CandidateRow key={candidateKey(candidate)} candidate={candidate} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function CandidateRow({ candidate }: { readonly candidate: ClockCandidate }) {
  const {
    protocol = 'PTPv2',
    domain,
    identity,
    grandmaster,
    ageMs,
    address,
    interface: on,
    reason,
  } = candidate;
  return (
    <tr>
      <td>
        <StateBadge {...standingFace(candidate.standing)} />
      </td>
      <th scope="row">
        <div className="mono">{identity}</div>
        {grandmaster !== undefined && grandmaster !== identity && (
          <div className="cell-detail">{localize('clock.timeOf', 'time of {0}', grandmaster)}</div>
        )}
        {address !== undefined && (
          <div className="cell-detail mono">
            {address} {on}
          </div>
        )}
      </th>
      <td>
        {domain ?? '–'}
        <div className="cell-detail">{protocol}</div>
      </td>
      <td className="number">{candidate.priority1 ?? '–'}</td>
      <td className="number">{candidate.clockClass ?? '–'}</td>
      <td>{accuracyText(candidate.accuracy)}</td>
      <td className="number">{candidate.variance ?? '–'}</td>
      <td className="number">{candidate.priority2 ?? '–'}</td>
      <td className="number">{candidate.stepsRemoved ?? '–'}</td>
      <td>{ageMs === undefined ? '–' : localize('clock.ago', '{0} s ago', (ageMs / 1000).toFixed(1))}</td>
      <td className="clock-reason">{reason ?? ''}</td>
    </tr>
  );
}

const candidateKey = ({ protocol, domain, identity, port, interface: on }: ClockCandidate): string =>
  [protocol, domain, identity, port, on].join(' ');
