import type { SenderFinding } from './check-sender.ts';

/** What to change about a sender, in the words of the core. */
export interface SenderFix {
  readonly dest?: string;
  readonly format?: string;
  readonly ptime?: number;
}

/** What a change of the sender cannot mend. */
const beyondSender: readonly SenderFinding['code'][] = [
  'unreadable',
  'rate',
  'channels',
  'clock',
  'source-filter',
  'origin',
  'version',
];

/**
 * The change that mends what was found, and what stays. One group cannot please devices of two prefixes: a sender that the
 * devices of `prefix` receive already is not moved for the others, or it would lose its subscriptions for nothing.
 * @param prefix first two octets of the groups that devices listen to
 */
export function fixSender(
  findings: readonly SenderFinding[],
  prefix: string,
): { readonly change: SenderFix; readonly left: readonly SenderFinding[] } {
  const has = (...codes: readonly SenderFinding['code'][]): boolean =>
    findings.some(({ code }) => codes.includes(code));
  const isOutside = findings.some((finding) => finding.prefix === prefix);
  return {
    change: {
      // A free group of the network, port 5004, one path.
      ...((isOutside || has('unicast', 'port', 'two-paths')) && { dest: `${prefix}.0.0/16` }),
      ...(has('encoding') && { format: 'L24' }),
      ...(has('packet-time') && { ptime: 1 }),
    },
    left: findings.filter(
      (finding) =>
        beyondSender.includes(finding.code) || (finding.code === 'prefix' && finding.prefix !== prefix),
    ),
  };
}
