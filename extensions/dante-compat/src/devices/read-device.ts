import type { Result } from '@tutti/base';
import {
  readReceiveChannels,
  readTransmitChannels,
  readTransmitLabels,
  type ChannelFormat,
  type Page,
} from '../wire/arc-channels.ts';
import { readCounts, readIdentity, readName, readProperties } from '../wire/arc-device.ts';
import { readReceiveFlows } from '../wire/arc-flows.ts';
import {
  arcOpcode,
  writePageQuestion,
  writePropertiesQuestion,
  writeQuestion,
} from '../wire/arc-requests.ts';
import { protocolId, type ControlMessage } from '../wire/control-message.ts';
import { explainStatus } from '../wire/subscription-status.ts';
import type { DeviceReading, ReceiveChannel, TransmitChannel } from './device.ts';

/** Why a question brought nothing; a sentence. */
export interface AskProblem {
  readonly code: string;
  readonly message: string;
}

/** Asks a device something; the transaction's number is the client's affair. */
export type Ask = (write: (transaction: number) => Uint8Array) => Promise<Result<ControlMessage, AskProblem>>;

type Read<T> = (message: ControlMessage) => Result<T, AskProblem>;

/** Most pages of one list: 128 channels are 8 pages of 16; more than this is a device that never comes to an end. */
const maxPages = 64;
/** Most channels that are looked at, each way: the largest devices there are have as many. */
const maxChannels = 512;

/**
 * Reads everything of a device, one question after the other, in an order that is known to work. Fails if it does not tell
 * how many channels it has; other things that it does not tell are gaps.
 */
export async function readDevice(ask: Ask): Promise<Result<DeviceReading, AskProblem>> {
  const gaps: string[] = [];
  const question = async <T>(
    write: (transaction: number) => Uint8Array,
    read: Read<T>,
  ): Promise<Result<T, AskProblem>> => {
    const answer = await ask(write);
    return answer.ok ? read(answer.value) : answer;
  };
  const orGap = <T>(what: string, result: Result<T, AskProblem>): T | undefined => {
    if (result.ok) return result.value;
    gaps.push(`${what}: ${result.error.message}`);
    return undefined;
  };
  const pages = <T>(
    opcode: number,
    count: number,
    read: Read<Page<T>>,
  ): Promise<Result<readonly T[], AskProblem>> =>
    readPages(count, (first) => question((t) => writePageQuestion(opcode, t, first), read));

  const counts = await question((transaction) => writeQuestion(arcOpcode.counts, transaction), readCounts);
  if (!counts.ok) return counts;
  const transmit = Math.min(counts.value.transmit, maxChannels);
  const receive = Math.min(counts.value.receive, maxChannels);
  const identity = orGap(
    'identity',
    await question((t) => writeQuestion(arcOpcode.identity, t), readIdentity),
  );
  const name = orGap('name', await question((t) => writeQuestion(arcOpcode.name, t), readName));
  const version = identity?.arcVersion ?? protocolId.arc28;
  const properties = orGap(
    'latency and AES67 settings',
    await question((t) => writePropertiesQuestion(t, version), readProperties),
  );
  const sent = orGap(
    'transmit channels',
    await pages(arcOpcode.transmitChannels, transmit, readTransmitChannels),
  );
  const labels = orGap('labels', await pages(arcOpcode.transmitLabels, transmit, readTransmitLabels));
  const received = orGap(
    'receive channels',
    await pages(arcOpcode.receiveChannels, receive, readReceiveChannels),
  );
  // Newer devices list their flows in another form, of which the corpus has no complete example.
  const flows =
    version >> 8 === protocolId.arc27 >> 8
      ? orGap(
          'flows',
          await question((t) => writePageQuestion(arcOpcode.receiveFlows, t, 1, version), readReceiveFlows),
        )
      : undefined;

  const labelOf = new Map((labels ?? []).map(({ channel, label }) => [channel, label]));
  const format = [...(sent ?? []), ...(received ?? [])].find((channel) => channel.format)?.format;
  return {
    ok: true,
    value: {
      ...(identity && { identity }),
      ...(properties && { properties }),
      transmit: (sent ?? numbered(transmit)).map((channel): TransmitChannel => ({
        number: channel.number,
        label: labelOf.get(channel.number) ?? channel.name,
        factoryName: channel.name,
      })),
      receive: (received ?? []).map(({ number, label, from, status }): ReceiveChannel => ({
        number,
        label,
        ...(from && {
          from: from.device === '.' ? { ...from, device: name ?? identity?.name ?? '.' } : from,
        }),
        status: explainStatus(status),
      })),
      ...(flows && { flows }),
      ...formatFields(format),
      gaps,
    },
  };
}

function formatFields(format: ChannelFormat | undefined): Pick<DeviceReading, 'rate' | 'bits'> {
  return format ? { rate: format.rate, ...(format.bits !== undefined && { bits: format.bits }) } : {};
}

/** Channels that are there but did not tell their names. */
function numbered(count: number): readonly { readonly number: number; readonly name: string }[] {
  return Array.from({ length: count }, (_, i) => ({ number: i + 1, name: String(i + 1) }));
}

/** The first `count` entries of a list, or all. Ends at an empty page, too: a device may say "more" for ever. */
async function readPages<T>(
  count: number,
  readPage: (first: number) => Promise<Result<Page<T>, AskProblem>>,
): Promise<Result<readonly T[], AskProblem>> {
  const entries: T[] = [];
  for (let pages = 0; pages < maxPages && entries.length < count; pages++) {
    const page = await readPage(entries.length + 1);
    if (!page.ok) return page;
    entries.push(...page.value.entries);
    if (!page.value.more || page.value.entries.length === 0) break;
  }
  return { ok: true, value: entries.slice(0, count) };
}
