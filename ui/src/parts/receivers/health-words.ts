import { healthDomains, type HealthState } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import type { Tone } from '../../widgets/StateBadge.tsx';

interface Look {
  readonly tone: Tone;
  /** A shape of its own for each state: colour only repeats it. */
  readonly icon: string;
  readonly text: string;
}

export function healthLook(state: HealthState): Look {
  switch (state) {
    case 'healthy':
      return { tone: 'ok', icon: 'pass-filled', text: localize('health.healthy', 'Healthy') };
    case 'partiallyHealthy':
      return { tone: 'warn', icon: 'warning', text: localize('health.partly', 'Partly healthy') };
    case 'unhealthy':
      return { tone: 'bad', icon: 'error', text: localize('health.unhealthy', 'Unhealthy') };
    case 'inactive':
      return { tone: 'quiet', icon: 'circle-outline', text: localize('health.inactive', 'Not judged') };
  }
}

export const healthLinks = [...healthDomains, 'signal'] as const;
export type HealthLink = (typeof healthLinks)[number];

export function linkTitle(link: HealthLink): string {
  switch (link) {
    case 'link':
      return localize('health.link', 'Link');
    case 'connection':
      return localize('health.connection', 'Connection');
    case 'synchronisation':
      return localize('health.synchronisation', 'Synchronisation');
    case 'stream':
      return localize('health.stream', 'Stream');
    case 'signal':
      return localize('health.signal', 'Signal');
  }
}

/** How a receiver is, in words: without the numbers that its links rest on, which move. */
export type HealthFace = { readonly overall: HealthState } & {
  readonly [link in HealthLink]: { readonly state: HealthState; readonly message: string };
};

export function healthFace(health: HealthFace): HealthFace {
  const face = (link: HealthLink): HealthFace[HealthLink] => {
    const { state, message } = health[link];
    return { state, message };
  };
  return {
    overall: health.overall,
    link: face('link'),
    connection: face('connection'),
    synchronisation: face('synchronisation'),
    stream: face('stream'),
    signal: face('signal'),
  };
}

/** The link that decides how the whole is: the first one that is as bad as it. */
export function decidingLink(health: HealthFace): HealthLink {
  return healthDomains.find((link) => health[link].state === health.overall) ?? 'link';
}
