import type { ExtensionImpact } from '@tutti/common';
import type { Registries } from '../registries/registries.ts';
import type { StoredState } from '../state/stored-state.ts';

/** What would stop with an extension and those that need it. */
export function impactOf(
  id: string,
  dependents: readonly string[],
  registries: Registries,
  { receivers, senders, clockSource }: StoredState,
): ExtensionImpact {
  const going = new Set([id, ...dependents]);
  const goes = (registry: 'codecs' | 'clocks', key: string): boolean =>
    going.has(registries[registry].get(key)?.extension ?? '');
  return {
    dependents,
    receivers: receivers
      .filter(({ stream, codec }) => goes('codecs', (codec ?? stream.encoding).toUpperCase()))
      .map((each) => each.id),
    senders: senders.filter(({ encoding }) => goes('codecs', encoding.toUpperCase())).map((each) => each.id),
    clock: goes('clocks', clockSource),
  };
}

/** In words, one for each kind; none if nothing would stop. */
export function impactWords({ dependents, receivers, senders, clock }: ExtensionImpact): readonly string[] {
  return [
    ...(dependents.length > 0 ? [`extensions ${dependents.join(', ')}`] : []),
    ...(receivers.length > 0 ? [`receivers ${receivers.join(', ')}`] : []),
    ...(senders.length > 0 ? [`senders ${senders.join(', ')}`] : []),
    ...(clock ? ['the media clock (it would run free)'] : []),
  ];
}
