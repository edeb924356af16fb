import type { Disposable, Event } from '@tutti/base';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import type { MdnsBackend } from './mdns-backend.ts';

/** The responder that the system may have running. */
export interface SystemResponder extends Disposable {
  /** Whether it runs, first when that is known and then whenever it changes. Never fired before the first call returned. */
  readonly onDidChangePresence: Event<boolean>;
  /** Multicast DNS through it, while it runs. */
  open(interfaces: Interfaces, log: Log): MdnsBackend;
}
