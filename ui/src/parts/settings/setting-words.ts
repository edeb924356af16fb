import type { SettingInfo } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import { readNumber } from '../../widgets/form-values.ts';

/** `receivers.linkOffsetMs` as a person reads it: `Link offset ms`; its group is `Receivers`. */
export function settingName(key: string): { readonly group: string; readonly name: string } {
  const parts = key.split('.');
  const group = parts.slice(0, -1).map(words).join(' › ');
  return { group: group || words(key), name: words(parts.at(-1) ?? key) };
}

/** Words that the field writes in its own way. */
const written: Readonly<Record<string, string>> = {
  aes67: 'AES67',
  ...{ dns: 'DNS', dscp: 'DSCP', http: 'HTTP', mdns: 'mDNS', ptp: 'PTP', ptpv1: 'PTPv1' },
  ...{ ravenna: 'RAVENNA', rtsp: 'RTSP', sap: 'SAP', sdp: 'SDP', tls: 'TLS', ttl: 'TTL' },
};

function words(text: string): string {
  const known = written[text.toLowerCase()];
  if (known !== undefined) return known;
  const spaced = text.replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** What a setting takes, as a person says it: `a number from 0.1 to 500`. */
export function takes(schema: SettingInfo['schema']): string {
  const { type, minimum, maximum, enum: choices } = schema;
  if (Array.isArray(choices)) return choices.map(String).join(', ');
  if (type === 'number' || type === 'integer') {
    const what =
      type === 'integer'
        ? localize('settings.integer', 'a whole number')
        : localize('settings.number', 'a number');
    if (typeof minimum === 'number' && typeof maximum === 'number')
      return localize('settings.range', '{0} from {1} to {2}', what, minimum, maximum);
    return what;
  }
  if (type === 'boolean') return localize('settings.boolean', 'on or off');
  if (type === 'string') return localize('settings.text', 'text');
  return localize('settings.json', 'an object or a list, edited as JSON');
}

/** What a person typed as the value that a schema wants; undefined if it cannot be. */
export function readTyped(schema: SettingInfo['schema'], text: string): unknown {
  if (schema['type'] === 'number' || schema['type'] === 'integer') {
    const number = readNumber(text);
    return Number.isNaN(number) ? undefined : number;
  }
  return text;
}

export function matchesSetting({ key, schema, source }: SettingInfo, text: string): boolean {
  const { group, name } = settingName(key);
  const whole = `${key} ${group} ${name} ${String(schema['description'] ?? '')} ${source}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
