import { message, type DnsMessage, type DnsQuestion, type DnsRecord } from './dns-message.ts';
import { writeDnsMessage } from './write-dns-message.ts';

/** Bytes that fit an Ethernet frame behind IP and UDP, with room for what tunnels add (RFC 6762 section 17). */
const comfortableBytes = 1400;

/** A query in as many messages as it takes; all but the last say that more known answers follow (RFC 6762 section 7.2). */
export function splitQuery(
  questions: readonly DnsQuestion[],
  known: readonly DnsRecord[],
): readonly DnsMessage[] {
  const groups = split(questions, (group) => message({ questions: group }));
  const answers = split(known, (group) => message({ answers: group }));
  if (answers.length === 0) return groups.map((each) => message({ questions: each }));
  const [last = []] = groups.splice(-1);
  const together = message({ questions: last, answers: answers[0] ?? [] });
  const fits = writeDnsMessage(together).length <= comfortableBytes;
  const rest = fits ? answers.slice(1) : answers;
  const parts = [
    ...groups.map((each) => message({ questions: each })),
    fits ? together : message({ questions: last }),
    ...rest.map((each) => message({ answers: each })),
  ];
  return parts.map((part, i) => ({ ...part, truncated: i >= groups.length && i < parts.length - 1 }));
}

/** A response in as many messages as it takes; what only comes along is left out when it does not fit. */
export function splitResponse(response: DnsMessage): readonly DnsMessage[] {
  if (writeDnsMessage(response).length <= comfortableBytes) return [response];
  return split(response.answers, (answers) => message({ isResponse: true, answers })).map((answers) =>
    message({ isResponse: true, answers }),
  );
}

/** Groups that fit a message each; a single item that does not is sent all the same. */
function split<T>(items: readonly T[], wrap: (group: readonly T[]) => DnsMessage): T[][] {
  const groups: T[][] = [];
  let group: T[] = [];
  for (const item of items) {
    if (group.length > 0 && writeDnsMessage(wrap([...group, item])).length > comfortableBytes) {
      groups.push(group);
      group = [];
    }
    group.push(item);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
