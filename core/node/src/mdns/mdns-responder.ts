import { toDisposable } from '@tutti/base';
import { DnsSdConnection } from './dns-sd-connection.ts';
import { loadDnsSdAddon } from './dns-sd-addon.ts';
import { DnsSdLink } from './dns-sd-link.ts';
import { LinkMdns } from './link-mdns.ts';
import { Presence } from './presence.ts';
import type { SystemResponder } from './system-responder.ts';

const retryMs = 2000;

/**
 * mDNSResponder, macOS's responder, through its client library (dns_sd.h): connects again when it was away. On other systems
 * the same API is Avahi's compatibility library, or mDNSResponder itself.
 *
 * @param addon path of `dns_sd.node`
 */
export function connectMdnsResponder(addon: string): SystemResponder {
  const presence = new Presence();
  let connection: DnsSdConnection | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isDisposed = false;

  const connectLater = (ms: number): void => {
    if (!isDisposed) retry = setTimeout(connect, ms).unref();
  };
  const connect = (): void => {
    try {
      const opened = new DnsSdConnection(loadDnsSdAddon(addon), () => {
        if (connection !== opened) return;
        presence.set(false); // whoever uses it stops
        connection = undefined;
        opened.dispose();
        connectLater(retryMs);
      });
      connection = opened;
      presence.set(true);
    } catch {
      // no such library, or no daemon
      presence.set(false);
      connectLater(retryMs);
    }
  };
  connectLater(0);
  return {
    onDidChangePresence: presence.onDidChange,
    open: (interfaces, log) => {
      const through = connection;
      if (through === undefined) throw new Error('mDNSResponder does not run');
      const warned = new Set<string>();
      return new LinkMdns('mdnsresponder', interfaces, (name) => {
        const index = through.interfaceIndex(name);
        if (index === 0) return undefined; // gone again
        const link = new DnsSdLink(through, name, index, (message) => {
          if (warned.size > 64) warned.clear();
          if (warned.has(`${name} ${message}`)) return;
          warned.add(`${name} ${message}`);
          log.warn('mdns.mdnsresponder', `mDNSResponder on ${name}: ${message}`, { interface: name });
        });
        return { link, ...toDisposable(() => link.dispose()) };
      });
    },
    ...toDisposable(() => {
      isDisposed = true;
      clearTimeout(retry);
      presence.dispose();
      connection?.dispose();
    }),
  };
}
