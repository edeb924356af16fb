import { codeOf, type DnsRecord } from './dns-message.ts';
import { foldName } from './dns-name.ts';
import { answersQuestion } from './published.ts';
import { writeData } from './write-dns-message.ts';

/** Number of NSEC (RFC 4034 section 4). */
export const nsecCode = 47;

/**
 * The NSEC record of a name that is ours alone: it lists the types of records that the name has, and says so that it has no
 * others (RFC 6762 section 6.1). Undefined if the name is not ours.
 */
export function absenceOf(name: string, own: readonly DnsRecord[]): DnsRecord | undefined {
  const records = own.filter((each) => each.flush && foldName(each.name) === foldName(name));
  const [first] = records;
  if (first === undefined) return undefined;
  const codes = records.map(({ data }) => codeOf(data));
  // One block of types below 256, no longer than it must be; the bit of NSEC itself is never set.
  const bits = Buffer.alloc(Math.floor(Math.max(...codes) / 8) + 1);
  for (const code of codes) bits[code >> 3] = (bits[code >> 3] ?? 0) | (0x80 >> (code & 7));
  const next = writeData({ type: 'PTR', target: first.name });
  const bytes = Buffer.concat([next, Buffer.from([0, bits.length]), bits]);
  return {
    name: first.name,
    ttl: Math.min(...records.map(({ ttl }) => ttl)),
    flush: true,
    data: { type: 'other', code: nsecCode, bytes },
  };
}

/** The NSEC records of names of ours that were asked for what they do not have. */
export function absencesFor(
  questions: readonly { readonly name: string; readonly code: number }[],
  own: readonly DnsRecord[],
): readonly DnsRecord[] {
  const unanswered = questions.filter(
    ({ name, code }) => !own.some((each) => answersQuestion(each, name, code)),
  );
  return absencesOf(unanswered, own);
}

/** The NSEC records of those of these names that are ours, each once. */
export function absencesOf(
  names: readonly { readonly name: string }[],
  own: readonly DnsRecord[],
): readonly DnsRecord[] {
  const different = new Map(names.map(({ name }) => [foldName(name), name]));
  return [...different.values()].flatMap((name) => absenceOf(name, own) ?? []);
}
