import type { TuttiApi } from '@tutti/api';
import { classifyIpv4 } from '@tutti/model';

/** This extension's configuration, checked: what a person wrote is outside data. */
export interface SapConfiguration {
  /** Groups to listen on. */
  readonly listen: readonly string[];
  /** Group our senders are announced on. */
  readonly group: string;
  /** Seconds between announcements of one sender, 1 to 300. */
  readonly intervalSeconds: number;
}

const defaultGroup = '239.255.255.255';
const defaultInterval = 30;

export const sapKeys = {
  listen: 'aes67.sap.listen',
  group: 'aes67.sap.group',
  intervalSeconds: 'aes67.sap.intervalSeconds',
} as const;

/** Reads the configuration; what is not usable is logged and replaced by its default, or left out of a list. */
export function readSapConfiguration(api: TuttiApi): SapConfiguration {
  const get = (key: string): unknown => api.configuration.get<unknown>(key);
  const refuse = (key: string, value: unknown, wanted: string): void =>
    api.log.warn('sap.bad-configuration', `${key} has a value that is not ${wanted}; it is ignored.`, {
      key,
      value,
    });

  const listed = get(sapKeys.listen);
  const listen = (Array.isArray(listed) ? listed : [defaultGroup]).filter(
    (group: unknown): group is string => {
      if (isGroup(group)) return true;
      refuse(sapKeys.listen, group, 'a multicast group');
      return false;
    },
  );
  let group = get(sapKeys.group);
  if (!isGroup(group)) {
    refuse(sapKeys.group, group, 'a multicast group');
    group = defaultGroup;
  }
  let seconds = get(sapKeys.intervalSeconds);
  if (typeof seconds !== 'number' || !(seconds >= 1 && seconds <= 300)) {
    refuse(sapKeys.intervalSeconds, seconds, 'a number from 1 to 300');
    seconds = defaultInterval;
  }
  return { listen: [...new Set(listen)], group: String(group), intervalSeconds: Number(seconds) };
}

/** Announcement groups may be link-local ones: PipeWire uses 224.0.0.56. */
function isGroup(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const kind = classifyIpv4(value);
  return kind === 'multicast' || kind === 'linkLocalMulticast';
}
