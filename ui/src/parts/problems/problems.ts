import { healthDomains, type HostState, type ReceiverInfo } from '@tutti/common';
import { localize } from '../../localize/localize.ts';

/** Something that is not as it should be, and what it is about. */
export interface ProblemItem {
  readonly id: string;
  readonly severity: 'error' | 'warning';
  /** What it is about, as a person calls it. */
  readonly subject: string;
  readonly message: string;
  readonly fix?: string | undefined;
  /** Where one can do something about it. */
  readonly place:
    | { readonly kind: 'receiver' | 'sender'; readonly id: string }
    | { readonly kind: 'session'; readonly id: string }
    | { readonly kind: 'engine' }
    | { readonly kind: 'interfaces' };
}

/** Everything that is wrong now, worst first. */
export function problemsOf(state: HostState | undefined): readonly ProblemItem[] {
  if (!state) return [];
  const { status, receivers, senders, sessions } = state;
  const streams = [
    ...receivers.map((stream) => ({ stream, kind: 'receiver' as const })),
    ...senders.map((stream) => ({ stream, kind: 'sender' as const })),
  ];
  const items: ProblemItem[] = [
    ...engineProblems(status),
    ...receivers.flatMap(receiverProblems),
    ...streams.flatMap(({ stream, kind }): ProblemItem[] => {
      const { problem, id, name } = stream;
      if (!problem) return [];
      return [
        {
          id: `${kind} ${id}`,
          severity: 'error',
          subject: name,
          message: problem.message,
          fix: problem.fix,
          place: { kind, id },
        },
      ];
    }),
    ...status.notices.map(({ code, message, fix }): ProblemItem => ({
      id: `notice ${code}`,
      severity: 'warning',
      subject: localize('problems.machine', 'This machine'),
      message,
      fix,
      place: { kind: 'engine' },
    })),
    // What others announce is theirs to repair: only what keeps us from receiving is a problem here.
    ...sessions.flatMap((session): ProblemItem[] => {
      const error = session.problems.find(({ severity }) => severity === 'error');
      if (!error || session.state === 'gone') return [];
      return [
        {
          id: `session ${session.id}`,
          severity: 'warning',
          subject: session.name,
          message: error.message,
          place: { kind: 'session', id: session.id },
        },
      ];
    }),
  ];
  return items.sort((a, b) => rank(a) - rank(b));
}

/** What its health says, unless the receiver is not in force at all: that is told by its own problem. */
function receiverProblems({ id, name, problem, health }: ReceiverInfo): readonly ProblemItem[] {
  if (problem) return [];
  const findings = [...healthDomains, 'signal' as const].map((link) => ({ link, ...health[link] }));
  return findings
    .filter(({ state }) => state === 'unhealthy' || state === 'partiallyHealthy')
    .map(({ link, state, message, evidence, fix }) => ({
      id: `receiver ${id} ${link}`,
      severity: state === 'unhealthy' ? 'error' : 'warning',
      subject: name,
      message: `${message} (${evidence})`,
      fix,
      place: { kind: 'receiver', id },
    }));
}

const rank = ({ severity }: ProblemItem): number => (severity === 'error' ? 0 : 1);

function engineProblems({ engine, interfaces }: HostState['status']): readonly ProblemItem[] {
  const items: ProblemItem[] = [];
  if (engine.state === 'down') {
    items.push({
      id: 'engine',
      severity: 'error',
      subject: localize('problems.engine', 'Engine'),
      message: localize('problems.engineDown', 'The engine is down: no sample moves.'),
      fix: localize('problems.engineDownFix', 'It is started again by itself; its log says why it ended.'),
      place: { kind: 'engine' },
    });
  }
  if (interfaces.length === 0) {
    items.push({
      id: 'interfaces',
      severity: 'error',
      subject: localize('problems.network', 'Network'),
      message: localize('problems.noInterface', 'No network interface is up.'),
      fix: localize(
        'problems.noInterfaceFix',
        'Plug a cable in, or choose another interface in the settings.',
      ),
      place: { kind: 'interfaces' },
    });
  }
  return items;
}
