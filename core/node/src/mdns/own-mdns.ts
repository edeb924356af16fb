import { hostname } from 'node:os';
import type { NetworkInterface } from '@tutti/api';
import { toDisposable } from '@tutti/base';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import { cutToBytes, maxLabelBytes } from './dns-name.ts';
import type { LiveLink } from './link.ts';
import { LinkMdns, now } from './link-mdns.ts';
import { openLinkSocket, openLinkSocket6 } from './link-socket.ts';
import type { MdnsBackend } from './mdns-backend.ts';
import { MdnsLink, type Source } from './mdns-link.ts';

const longestTimer = 3_600_000;

/** Multicast DNS by ourselves, where no responder of the system runs. */
export function openOwnMdns(interfaces: Interfaces, log: Log): MdnsBackend {
  const warned = new Set<string>();
  return new LinkMdns('own', interfaces, (name, addresses) =>
    liveLink(name, addresses, (code, message) => {
      if (warned.size > 64) warned.clear();
      if (warned.has(`${name} ${code} ${message}`)) return;
      warned.add(`${name} ${code} ${message}`);
      log.warn(code, `multicast DNS on ${name}: ${message}`, { interface: name });
    }),
  );
}

/** A link with its sockets and its timer. */
function liveLink(
  name: string,
  addresses: readonly NetworkInterface[],
  warn: (code: string, message: string) => void,
): LiveLink {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const onMessage = (bytes: Uint8Array, from: Source): void => {
    const wrong = link.receive(bytes, from, now());
    if (wrong !== undefined) warn('mdns.bad-message', `a message is ignored: ${wrong}`);
    wake();
  };
  const ipv4 = openLinkSocket(addresses[0]?.address ?? '', {
    onMessage,
    onError: (message) => warn('mdns.socket', message),
  });
  const ipv6 = openLinkSocket6(name, onMessage);
  // The same is said over both (RFC 6762 section 20): who has only one of them hears it.
  const send = (bytes: Buffer, to?: Source): void => {
    if (to === undefined || !to.address.includes(':')) ipv4.send(bytes, to);
    if (to === undefined || to.address.includes(':')) ipv6.send(bytes, to);
  };
  const link = new MdnsLink(
    { interface: name, addresses, hostLabel: hostLabel(), send, random: Math.random },
    now(),
  );
  const wake = (): void => {
    clearTimeout(timer);
    if (isClosed) return;
    const wait = Math.min(Math.max(0, Math.ceil(link.next() - now())), longestTimer);
    timer = setTimeout(() => {
      link.advance(now());
      wake();
    }, wait).unref();
  };
  void Promise.all([ipv4.ready, ipv6.ready]).then(wake);
  return {
    link,
    wake,
    ...toDisposable(() => {
      isClosed = true;
      clearTimeout(timer);
      link.goodbye();
      ipv4.dispose();
      ipv6.dispose();
    }),
  };
}

/** The machine's name, as far as it is one label of letters, digits and hyphens. */
function hostLabel(): string {
  const label =
    hostname()
      .split('.')[0]
      ?.replace(/[^A-Za-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') ?? '';
  return cutToBytes(label, maxLabelBytes) || 'tutti';
}
