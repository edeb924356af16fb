import { err, fail, ok, type Problem, type Result } from '@tutti/base';
import { maxLinkOffsetMs, type ReceiverLegPlan, type ReceiverPlan, type TimingKind } from '@tutti/common';
import type { StoredDevice, StoredReceiver } from '../state/stored-state.ts';
import { addressOf, type PlanEnvironment } from './plan-environment.ts';
import { beyondDeviceFix, interfaceGone, isStreamGroup, tooManyChannels } from './stream-problems.ts';
import { codecOf } from './stream-codec.ts';
import { resolveTiming } from './stream-timing.ts';

/** Packets that a default link offset holds at least: one on its way, one being placed, one of reserve. */
const packetsInLinkOffset = 3;

/** What the engine is to do for a receiver, or why it cannot. */
export function planReceiver(
  receiver: StoredReceiver,
  device: StoredDevice,
  environment: PlanEnvironment,
): Result<ReceiverPlan, Problem> {
  const { stream } = receiver;
  const timing = resolveTiming(receiver, device.rate, environment);
  const choice = receiver.codec === undefined ? {} : { codec: receiver.codec };
  const codec = codecOf({ ...stream, ...choice }, environment, 'codec' in choice ? 'codec' : 'session');
  if (!codec.ok) return codec;
  const wrong =
    tooManyChannels(stream.channels, 'session') ?? rateDiffers(stream.rate, device.rate, timing.kind);
  if (wrong !== undefined) return err(wrong.problem);
  const legs = planLegs(receiver, environment);
  if (!legs.ok) return legs;
  return ok({
    id: receiver.id,
    codec: codec.value,
    rate: stream.rate,
    channels: stream.channels,
    payloadType: stream.payloadType,
    linkOffset: Math.round((linkOffsetMs(receiver, timing.kind, environment) * device.rate) / 1000),
    timing,
    legs: legs.value,
    routes: receiver.routes,
  });
}

/**
 * Link offset, ms: what a person set, or the default for the timing. Senders on other clocks are seldom as punctual as
 * those that share ours, so that their default is longer; none is shorter than three packets.
 */
export function linkOffsetMs(
  receiver: StoredReceiver,
  timing: TimingKind,
  environment: PlanEnvironment,
): number {
  if (receiver.linkOffsetMs !== undefined) return receiver.linkOffsetMs;
  const { framesPerPacket, packetTime, rate } = receiver.stream;
  const packetMs = framesPerPacket === undefined ? (packetTime ?? 1) : (framesPerPacket * 1000) / rate;
  const usual = timing === 'shared' ? environment.linkOffsetMs : environment.foreignLinkOffsetMs;
  return Math.min(maxLinkOffsetMs, Math.max(usual, packetsInLinkOffset * packetMs));
}

function rateDiffers(
  rate: number,
  deviceRate: number,
  timing: TimingKind,
): ReturnType<typeof fail> | undefined {
  if (rate === deviceRate || timing === 'resample') return undefined;
  const message = `the stream runs at ${rate} Hz, the device at ${deviceRate} Hz, and with the timing "${timing}" it is not resampled`;
  return fail('unsupported', message, {
    field: 'session',
    fix: `"--timing resample" resamples it; ${
      beyondDeviceFix(rate) ?? `"tutti device set --rate ${rate}" makes the device run at its rate`
    }`,
  });
}

/** Packets that are sent on request come to an address of ours, from wherever the other side sends. */
function planRequestedLeg(
  { interfaces }: StoredReceiver,
  port: number,
  environment: PlanEnvironment,
): Result<readonly ReceiverLegPlan[], Problem> {
  const [name = ''] = interfaces;
  const address = addressOf(environment, name);
  if (address === undefined) return err(interfaceGone(name).problem);
  return ok([{ address, port, interface: address, sources: [] }]);
}

function planLegs(
  receiver: StoredReceiver,
  environment: PlanEnvironment,
): Result<readonly ReceiverLegPlan[], Problem> {
  if (receiver.port !== undefined) return planRequestedLeg(receiver, receiver.port, environment);
  if (receiver.stream.legs.length === 0) {
    return err({
      code: 'unsupported',
      field: 'session',
      message: 'the stream is sent only to who asks for it, and nobody knows where to ask',
      fix: 'give the rtsp:// address instead of the description behind it',
    });
  }
  const legs: ReceiverLegPlan[] = [];
  const gone: string[] = [];
  for (const [i, leg] of receiver.stream.legs.slice(0, 2).entries()) {
    const name = receiver.interfaces[i] ?? receiver.interfaces[0] ?? '';
    const local = addressOf(environment, name);
    if (local === undefined) {
      gone.push(name);
      continue;
    }
    const isOurs = environment.interfaces.some((each) => each.address === leg.address);
    if (!isStreamGroup(leg.address) && !isOurs) {
      return err({
        code: 'invalid',
        field: 'session',
        message: `the stream goes to ${leg.address}, which is neither a multicast group nor an address of this machine`,
      });
    }
    const sources = leg.sources.filter((source) => source !== '*');
    legs.push({ address: leg.address, port: leg.port, interface: isOurs ? leg.address : local, sources });
  }
  // One of two paths is enough to receive; the other joins when its interface is back.
  return legs.length > 0 ? ok(legs) : err(interfaceGone(gone[0] ?? '').problem);
}
