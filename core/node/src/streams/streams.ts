import { createToken } from '@tutti/base';
import type {
  AddReceiver,
  AddSender,
  ChangeReceiver,
  ChangeSender,
  DeviceInfo,
  PatchRequest,
  RouteInfo,
} from '@tutti/common';
import type { StoredReceiver, StoredSender } from '../state/stored-state.ts';

/**
 * Receivers, senders, their routes, and the device they meet at. Every change is all or nothing: if the engine cannot put
 * it in force, a TuttiError names the field and the fix, and the state is as it was. Requests count channels from 1.
 */
export interface Streams {
  addReceiver(request: AddReceiver): Promise<StoredReceiver>;
  /** @throws TuttiError `notFound`; so do the others that take an id. */
  changeReceiver(id: string, change: ChangeReceiver): Promise<void>;
  removeReceiver(id: string): Promise<void>;
  addSender(request: AddSender): Promise<StoredSender>;
  changeSender(id: string, change: ChangeSender): Promise<void>;
  removeSender(id: string): Promise<void>;
  routes(): readonly RouteInfo[];
  /** All or none. A route that exists already is no error. */
  setRoutes(routes: readonly RouteInfo[]): Promise<readonly RouteInfo[]>;
  /** All or none. */
  clearRoutes(routes: readonly RouteInfo[]): Promise<readonly RouteInfo[]>;
  /** Routes and the receivers they need, in one step. @throws TuttiError `conflict`, `notFound`, `invalid`, and what adding throws. */
  patch(request: PatchRequest): Promise<Patched>;
  setDevice(change: Partial<Pick<DeviceInfo, 'rate' | 'name'>>): Promise<void>;
}

/** What a patch did, or with `dryRun` would do. */
export interface Patched {
  /** Receivers that were made, in the order of the request. */
  readonly added: readonly StoredReceiver[];
  /** The step back. */
  readonly undo: PatchRequest;
}

export const StreamsToken = createToken<Streams>('Streams');
