import { healthDomains, type ReceiverInfo, type SenderInfo } from '@tutti/common';
import { localize } from '../../localize/localize.ts';

/** What is wrong with a stream now, with the fix; undefined if nothing is. */
export function receiverTrouble({ problem, health }: ReceiverInfo): string | undefined {
  if (problem) return sentence(problem.message, problem.fix);
  if (health.overall !== 'unhealthy' && health.overall !== 'partiallyHealthy') return undefined;
  const worst = healthDomains.map((domain) => health[domain]).find(({ state }) => state === health.overall);
  return worst && sentence(`${worst.message} (${worst.evidence})`, worst.fix);
}

export function senderTrouble({ problem, state }: SenderInfo): string | undefined {
  if (problem) return sentence(problem.message, problem.fix);
  return state === 'waiting'
    ? localize('routing.notSending', 'Nothing leaves: does the engine run?')
    : undefined;
}

function sentence(message: string, fix: string | undefined): string {
  const end = /[.!?]$/.test(message) ? '' : '.';
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}${end}`;
  return fix === undefined ? text : `${text} ${fix.charAt(0).toUpperCase()}${fix.slice(1)}`;
}
