import { createClient, type Message } from 'dbus-native';
import { Emitter, toDisposable, toProblem, type Disposable, type Event } from '@tutti/base';
import { Presence } from './presence.ts';

/** What other programs call with. */
export interface BusCall {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

export interface BusSignal {
  readonly path: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

/** One program on D-Bus's system bus: whether it runs, its methods, its signals. Connects again when the bus was away. */
export interface BusPeer extends Disposable {
  /** @throws what the other side answered. */
  call(call: BusCall): Promise<readonly unknown[]>;
  readonly onSignal: Event<BusSignal>;
  /** Whether it runs, first when that is known and then whenever it changes. */
  readonly onDidChangePresence: Event<boolean>;
}

const busName = 'org.freedesktop.DBus';
const callMs = 5000;
const retryMs = 10_000;
const defaultAddress = 'unix:path=/run/dbus/system_bus_socket';

/** @param name well-known name of the program, as in `org.freedesktop.Avahi` */
export function connectBusPeer(name: string): BusPeer {
  const signals = new Emitter<BusSignal>();
  const presence = new Presence();
  let client: ReturnType<typeof createClient> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isDisposed = false;

  const invoke = async (message: Message): Promise<readonly unknown[]> => {
    if (client === undefined) throw new Error('the system bus is not connected');
    const bus = client;
    return await new Promise((resolve, reject) => {
      bus.invoke(message, { timeout: callMs }, (error: unknown, ...body: unknown[]) => {
        if (error) reject(error instanceof Error ? error : new Error(toProblem(error).message));
        else resolve(body);
      });
    });
  };
  const onMessage = ({ type, sender, path = '', member = '', body = [], ...message }: Message): void => {
    if (type !== 4) return;
    if (sender === busName && member === 'NameOwnerChanged' && body[0] === name) presence.set(body[2] !== '');
    else if (message.interface?.startsWith(name) === true) signals.fire({ path, member, body });
  };
  const lost = (): void => {
    if (client === undefined) return;
    client = undefined;
    presence.set(false);
    if (!isDisposed) retry = setTimeout(connect, retryMs).unref();
  };
  const connect = (): void => {
    try {
      client = createClient({ busAddress: process.env['DBUS_SYSTEM_BUS_ADDRESS'] ?? defaultAddress });
    } catch {
      queueMicrotask(() => presence.set(false)); // no address that is one: no bus
      return;
    }
    const { connection } = client;
    connection.on('error', lost);
    connection.on('close', lost);
    connection.on('end', lost);
    connection.on('message', onMessage);
    const bus = { destination: busName, path: '/org/freedesktop/DBus', interface: busName };
    const match = (rule: string): Promise<unknown> =>
      invoke({ ...bus, member: 'AddMatch', signature: 's', body: [rule] });
    const ask = async (): Promise<void> => {
      await match(`type='signal',sender='${busName}',member='NameOwnerChanged',arg0='${name}'`);
      await match(`type='signal',sender='${name}'`);
      const [has] = await invoke({ ...bus, member: 'NameHasOwner', signature: 's', body: [name] });
      presence.set(has === true);
    };
    ask().catch(() => connection.end());
  };
  connect();
  return {
    onSignal: signals.event,
    onDidChangePresence: presence.onDidChange,
    call: ({ path, member, signature, body, ...call }) =>
      invoke({
        ...{ destination: name, path, member, interface: call.interface },
        ...(signature !== undefined && { signature, body: [...(body ?? [])] }),
      }),
    ...toDisposable(() => {
      isDisposed = true;
      clearTimeout(retry);
      signals.dispose();
      presence.dispose();
      client?.connection.end();
    }),
  };
}
