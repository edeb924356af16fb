/**
 * Simulated Dante devices as a process of their own, for networks of tests:
 *
 *   node --import tsx main.ts ADDRESS TTL NAME=ADDRESS...
 *
 * ADDRESS is that of the interface, TTL the seconds of its DNS-SD records; each device has an address, 64 channels each way,
 * named channels and a subscription to the next one. Says `ready`. SIGTERM: goodbye; SIGKILL: gone without a word.
 */
import { adapter, card, type DeviceData } from './device-data.ts';
import { MdnsAdvertiser, type AdvertisedService } from './mdns-advertiser.ts';
import { DeviceOnNetwork } from './simulated-network.ts';

const [address = '', ttl = '', ...wanted] = process.argv.slice(2);
const names = wanted.map((each) => each.split('=')[0] ?? '');

const devices = await Promise.all(
  wanted.map(async (each, i) => {
    const [name = '', at = ''] = each.split('=');
    const next = names[(i + 1) % names.length] ?? '';
    return await DeviceOnNetwork.start(bigDevice(name, next, at), at, {
      arc: 4440,
      cmc: 8800,
      settings: 8700,
    });
  }),
);
const advertiser = new MdnsAdvertiser(devices.flatMap(servicesOf), address, Number(ttl));
await advertiser.start();
process.on('SIGTERM', () => void advertiser.sayGoodbye().then(() => process.exit(0)));
console.log('ready');

/** As large as a stage box, with AES67 mode. */
function bigDevice(name: string, next: string, at: string): DeviceData {
  const last = Number(at.split('.').at(-1));
  const number = (i: number): string => String(i + 1).padStart(2, '0');
  return card({
    name,
    factoryName: `BOX-${last.toString(16).padStart(6, '0')}`,
    id: `001dc1fffe0000${last.toString(16).padStart(2, '0')}`,
    maker: 'Somebody',
    product: 'Stage Box 64',
    transmit: Array.from({ length: 64 }, (_, i) => ({ name: number(i), label: `${name} mic ${i + 1}` })),
    receive: Array.from({ length: 64 }, (_, i) => ({
      label: `out ${i + 1}`,
      ...(i % 2 === 0
        ? { status: 9, receiving: 0x0101, from: { channel: `${next} mic ${i + 1}`, device: next } }
        : { status: 0 }),
    })),
    properties: { ...adapter().properties, 0x8060: 0xef46_0000 },
  });
}

function servicesOf(device: DeviceOnNetwork): readonly AdvertisedService[] {
  return device.services().map((service) => ({
    instance: service.name,
    type: service.type,
    host: device.device.data.factoryName,
    address: device.address,
    port: service.port,
    txt: Object.entries(service.txt).map(([key, value]) => `${key}=${value}`),
  }));
}
