import { localize } from '../localize/localize.ts';
import type { SdpProblem } from '@tutti/model';
import { Icon } from './Icon.tsx';

const faces = {
  error: { icon: 'error', tone: 'bad', word: localize('sdp.error', 'Error') },
  warning: { icon: 'warning', tone: 'warn', word: localize('sdp.warning', 'Warning') },
  info: { icon: 'info', tone: 'quiet', word: localize('sdp.note', 'Note') },
} as const;

/** Remarks about an SDP, each with its place. */
export function SdpProblems({ problems }: { readonly problems: readonly SdpProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="sdp-problems" aria-label={localize('sdp.remarks', 'Remarks about the SDP')}>
      {problems.map((problem) => {
        const face = faces[problem.severity];
        return (
          <li key={`${problem.line}:${problem.column}:${problem.code}`} className={`tone-${face.tone}`}>
            <Icon name={face.icon} />
            <span>
              {localize(
                'sdp.place',
                '{0}, line {1}, column {2}: {3}',
                face.word,
                problem.line,
                problem.column,
                problem.message,
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** An SDP with line numbers; selectable, and scrollable by keyboard. */
export function SdpText({ sdp, label }: { readonly sdp: string; readonly label: string }) {
  const lines = sdp.replace(/\r?\n$/, '').split(/\r?\n/);
  return (
    <div className="sdp mono" role="region" aria-label={label} tabIndex={0}>
      <ol>
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ol>
    </div>
  );
}
