import type { ExtensionContext } from '@tutti/api';
import { BeaconProvider } from './beacon-provider.ts';

export function activate({ api, subscriptions }: ExtensionContext): void {
  subscriptions.add(api.discovery.registerProvider(new BeaconProvider(api)));
}
