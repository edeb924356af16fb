import type { DnsData } from './dns-message.ts';

/** The data of a record as the extension API gives it (`MdnsRecord.data`). */
export function recordText(data: Exclude<DnsData, { readonly type: 'other' }>): string {
  switch (data.type) {
    case 'A':
    case 'AAAA':
      return data.address;
    case 'PTR':
      return data.target;
    case 'SRV':
      return `${data.priority} ${data.weight} ${data.port} ${data.target}`;
    case 'TXT':
      return JSON.stringify(data.strings.map((each) => Buffer.from(each).toString('utf8')));
  }
}

/** The strings of a TXT record (RFC 6763 section 6.3). */
export function txtStrings(txt: Readonly<Record<string, string>> = {}): readonly Buffer[] {
  return Object.entries(txt).map(([key, value]) => Buffer.from(value === '' ? key : `${key}=${value}`));
}
