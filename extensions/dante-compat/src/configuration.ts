import type { TuttiApi } from '@tutti/api';

/** This extension's configuration, checked: what a person wrote is outside data. */
export const configurationKeys = {
  refreshSeconds: 'dante-compat.refreshSeconds',
  prefix: 'dante-compat.prefix',
  allowSubscribing: 'dante-compat.allowSubscribing',
} as const;

const defaults = { refreshSeconds: 10, prefix: '239.69' } as const;

/** Milliseconds between readings of a device. */
export function refreshMs({ configuration }: TuttiApi): number {
  const value = configuration.get<unknown>(configurationKeys.refreshSeconds);
  const usable = typeof value === 'number' && value >= 2 && value <= 3600;
  return 1000 * (usable ? value : defaults.refreshSeconds);
}

/** First two octets of the groups that Dante devices listen to, where no device has said so itself. */
export function fallbackPrefix({ configuration }: TuttiApi): string {
  const value = configuration.get<unknown>(configurationKeys.prefix);
  const usable = typeof value === 'string' && /^239\.(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])$/.test(value);
  return usable ? value : defaults.prefix;
}

export function allowsSubscribing({ configuration }: TuttiApi): boolean {
  return configuration.get<unknown>(configurationKeys.allowSubscribing) === true;
}
