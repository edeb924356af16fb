import type { TreeItem } from '@tutti/api';
import { modelOf, prefixOf, type DanteDevice, type ReceiveChannel } from '../devices/device.ts';

/** Parts of a device in the tree; ids are the device's name, the part and the item, encoded as in a URL, with slashes between. */
type Part = 'transmit' | 'receive' | 'flows' | 'facts';

/** Most items the workbench takes at one level. */
const maxItems = 1000;

/** Children of an item of the tree of devices, or its first level. */
export function treeChildren(devices: readonly DanteDevice[], parent?: string): readonly TreeItem[] {
  if (parent === undefined) return devices.slice(0, maxItems).map(deviceItem);
  const [encoded, part] = parent.split('/');
  const device = devices.find(({ name }) => idOf(name) === encoded);
  if (!device) return [];
  return part === undefined ? partItems(device) : leafItems(device, part as Part).slice(0, maxItems);
}

function idOf(...path: readonly string[]): string {
  return path.map(encodeURIComponent).join('/');
}

function deviceItem(device: DanteDevice): TreeItem {
  const { name, state, reading, problem } = device;
  const channels = reading && `${reading.transmit.length} out, ${reading.receive.length} in`;
  const fault = state === 'gone' ? 'gone' : problem && 'does not answer';
  return {
    id: idOf(name),
    label: name,
    description: [fault, modelOf(device), channels].filter(Boolean).join(', '),
    tooltip: state === 'gone' ? `Last seen ${device.lastSeen}` : (problem ?? device.addresses.join(', ')),
    icon: state === 'gone' ? 'circle-slash' : problem ? 'warning' : 'device-camera-video',
    children: 'collapsed',
    context: { device: name, state },
  };
}

function partItems({ name, reading }: DanteDevice): readonly TreeItem[] {
  const item = (part: Part, label: string, icon: string): TreeItem => ({
    id: idOf(name, part),
    label,
    icon,
    children: 'collapsed',
    context: { device: name, part },
  });
  const items = [item('facts', 'Settings and state', 'settings-gear')];
  if (!reading) return items;
  const failing = reading.receive.filter(({ status }) => status.state === 'failed').length;
  items.unshift(item('transmit', `Transmit channels (${reading.transmit.length})`, 'arrow-up'), {
    ...item('receive', `Receive channels (${reading.receive.length})`, 'arrow-down'),
    ...(failing > 0 && { description: `${failing} cannot receive` }),
  });
  if (reading.flows)
    items.splice(2, 0, item('flows', `Streams received (${reading.flows.length})`, 'broadcast'));
  return items;
}

function leafItems(device: DanteDevice, part: Part): readonly TreeItem[] {
  const { name, reading } = device;
  switch (part) {
    case 'transmit':
      return (reading?.transmit ?? []).map(({ number, label, factoryName }) => ({
        id: idOf(name, part, String(number)),
        label,
        description: label === factoryName ? `channel ${number}` : `channel ${number}, ${factoryName}`,
        icon: 'unmute',
        context: { device: name, channel: number, direction: 'transmit' },
      }));
    case 'receive':
      return (reading?.receive ?? []).map((channel) => receiveItem(name, channel));
    case 'flows':
      return (reading?.flows ?? []).map(({ number, address, port, slots, rate, latencyNs }) => ({
        id: idOf(name, part, String(number)),
        label: `${address}:${port}`,
        description: `${slots.length} channels, ${rate / 1000} kHz, ${latencyNs / 1e6} ms`,
        tooltip: `to channels ${slots.map((channels) => channels.join('+') || '-').join(', ')}`,
        icon: 'broadcast',
      }));
    case 'facts':
      return factsOf(device).map(([label, description]) => ({
        id: idOf(name, part, label),
        label,
        description,
      }));
  }
}

function receiveItem(device: string, { number, label, from, status }: ReceiveChannel): TreeItem {
  const icons = { none: 'circle-outline', receiving: 'check', pending: 'loading', failed: 'error' };
  return {
    id: idOf(device, 'receive', String(number)),
    label,
    description: from ? `${from.channel}@${from.device}: ${status.text}` : 'not subscribed',
    tooltip: from
      ? `${label}@${device} from ${from.channel}@${from.device}: ${status.text}`
      : `${label}@${device}`,
    icon: icons[status.state],
    context: { device, channel: number, direction: 'receive', subscribed: from !== undefined },
  };
}

/** What is known beside channels, in words; what is not known is not there. */
export function factsOf(device: DanteDevice): readonly (readonly [string, string])[] {
  const { settings, reading, id, problem } = device;
  const { properties, identity } = reading ?? {};
  const late = settings.latePackets?.reduce((sum, count) => sum + count, 0);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Problem', problem],
    ['Model', modelOf(device)],
    ['Firmware', settings.firmware],
    ['Factory name', identity?.factoryName],
    ['Addresses', device.addresses.join(', ') || undefined],
    ['Identity', id],
    ['Sample rate', kilohertz(reading?.rate)],
    ['Sample rates offered', settings.offeredRates?.map(kilohertz).join(', ')],
    ['Encoding', reading?.bits === undefined ? undefined : `PCM ${reading.bits} bits`],
    ['Latency', properties?.latencyNs === undefined ? undefined : `${properties.latencyNs / 1e6} ms`],
    ['AES67 mode', aes67Text(device)],
    ['Clock', clockText(device)],
    ['Late packets', late?.toString()],
    ...(reading?.gaps ?? []).map((gap) => ['Not read', gap] as const),
  ];
  return facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined && fact[1] !== '');
}

function kilohertz(rate: number | undefined): string | undefined {
  return rate === undefined ? undefined : `${rate / 1000} kHz`;
}

export function aes67Text(device: DanteDevice): string | undefined {
  const prefix = prefixOf(device);
  const state = device.settings.aes67;
  const groups = prefix === undefined ? '' : `, groups of ${prefix}.0.0`;
  if (state?.active) return `on${groups}`;
  if (state?.configured) return `on after a restart of the device${groups}`;
  if (state) return `off${groups}`;
  if (prefix !== undefined) return `there${groups}; whether it is on is not known`;
  return device.reading?.properties && 'none';
}

function clockText({ settings: { clock } }: DanteDevice): string | undefined {
  if (!clock) return undefined;
  const grandmaster = clock.grandmaster.match(/../g)?.join('-').toUpperCase() ?? '';
  return clock.role === 'leader' ? 'leads the network' : `follows ${grandmaster}`;
}
