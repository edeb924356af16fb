import type { Mdns } from '@tutti/api';
import { createToken } from '@tutti/base';

/** Who speaks multicast DNS for us: the system's responder where one runs, otherwise we ourselves. */
export type MdnsResponder = 'avahi' | 'mdnsresponder' | 'own';

/** Multicast DNS of the host: the one that extensions use too. Nothing is opened before somebody uses it. */
export interface HostMdns extends Mdns {
  /** Undefined before the first use, and until it is known who is there. */
  readonly responder: MdnsResponder | undefined;
}

export const HostMdnsToken = createToken<HostMdns>('HostMdns');
