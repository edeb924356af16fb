import type { Problem } from '@tutti/base';
import { Icon } from './Icon.tsx';

/** What is wrong and what to do about it, for problems that no single field is to blame for. */
export function ProblemNotice({ problem, alert = false }: { problem: Problem; alert?: boolean }) {
  return (
    <div className="notice tone-bad" role={alert ? 'alert' : undefined}>
      <Icon name="error" />
      <div>
        <p className="notice-message">{problem.message}</p>
        {problem.fix !== undefined && <p>{problem.fix}</p>}
      </div>
    </div>
  );
}
