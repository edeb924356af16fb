import { Button } from 'react-aria-components';
import { localize } from '../../localize/localize.ts';
import { Icon } from '../../widgets/Icon.tsx';
import { useWorkbench, type Workbench } from '../../workbench/workbench.ts';
import type { ProblemItem } from './problems.ts';
import { useProblems } from './use-problems.ts';
import './problems.css';

/** What is wrong now and what to do about it, worst first; each leads to its place. */
export function ProblemsPart() {
  const workbench = useWorkbench();
  const problems = useProblems();
  if (problems.length === 0) {
    return (
      <p className="empty padded">
        <Icon name="pass" /> {localize('problems.none', 'No problems: everything that is set up works.')}
      </p>
    );
  }
  return (
    <ul className="problems" aria-label={localize('problems.title', 'Problems')}>
      {problems.map((problem) => (
        <li key={problem.id}>
          <Button className="problem" onPress={() => goTo(workbench, problem)}>
            <span className={problem.severity === 'error' ? 'tone-bad' : 'tone-warn'}>
              <Icon name={problem.severity} />
            </span>
            <span className="problem-text">
              <span className="visually-hidden">
                {problem.severity === 'error'
                  ? localize('problems.error', 'Error')
                  : localize('problems.warning', 'Warning')}
              </span>
              <strong>
                <bdi>{problem.subject}</bdi>
              </strong>
              <span>{problem.message}</span>
              {problem.fix !== undefined && <span className="quiet">{problem.fix}</span>}
            </span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

function goTo(workbench: Workbench, { place, subject }: ProblemItem): void {
  if (place.kind === 'engine') workbench.openPanel('output');
  else if (place.kind === 'interfaces') workbench.openActivity('settings');
  else if (place.kind === 'session') workbench.openEditor('sdp', `session ${place.id}`, subject);
  else workbench.openActivity('streams');
}
