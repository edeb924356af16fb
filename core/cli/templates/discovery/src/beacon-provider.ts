import { createSocket } from 'node:dgram';
import type { DiscoveryProvider, DiscoverySink, TuttiApi } from '@tutti/api';
import { BeaconTable } from './beacon-table.ts';
import { readBeacon } from './beacon.ts';

/** Milliseconds between looks for sessions that fell silent. */
const lookMs = 1_000;

/** Finds sessions by listening to beacons on every interface. */
export class BeaconProvider implements DiscoveryProvider {
  readonly id = 'template-name'; // as in the manifest
  readonly #api: TuttiApi;

  constructor(api: TuttiApi) {
    this.#api = api;
  }

  /** Resolves when it listens. The core disposes the result when the extension goes. */
  async start(sink: DiscoverySink): Promise<{ dispose(): void }> {
    const { configuration, log, network } = this.#api;
    const group = configuration.get<string>('template-name.group');
    const port = configuration.get<number>('template-name.port');
    const table = new BeaconTable();
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('error', (error) => log.warn('beacon.socket', `Beacons cannot be heard: ${error.message}.`));
    socket.on('message', (bytes, from) => {
      const beacon = readBeacon(bytes);
      if (beacon === undefined) return; // anybody can send anything here
      const key = `${from.address} ${beacon.identity}`;
      if (beacon.kind === 'gone') {
        if (table.remove(key)) sink.withdrawn(key);
      } else if (table.hear(key, performance.now())) {
        sink.announced({ key, sdp: beacon.sdp, source: from.address });
      }
    });
    await new Promise<void>((resolve) => {
      socket.once('listening', resolve).once('error', () => resolve());
      socket.bind(port, group);
    });
    const joined = new Set<string>();
    const join = (): void => {
      for (const { name, address } of network.interfaces()) {
        if (joined.has(address)) continue;
        try {
          socket.addMembership(group, address);
          joined.add(address);
        } catch (error) {
          log.warn('beacon.join', `Beacons cannot be heard on ${name}: ${String(error)}.`);
        }
      }
    };
    join();
    const interfaces = network.onDidChangeInterfaces(() => {
      joined.clear(); // one that came back is another one to the kernel
      join();
    });
    const timer = setInterval(() => {
      for (const key of table.expire(performance.now())) sink.withdrawn(key);
    }, lookMs);
    let disposed = false;
    return {
      dispose: () => {
        if (disposed) return;
        disposed = true;
        clearInterval(timer);
        interfaces.dispose();
        socket.removeAllListeners('message').close();
      },
    };
  }
}
