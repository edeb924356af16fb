import type { TimingPlan } from '@tutti/common';
import { matchClock, type ClockMatch } from '@tutti/model';
import type { StoredReceiver } from '../state/stored-state.ts';
import { clockIdentityOf } from './clock-identity.ts';
import type { PlanEnvironment } from './plan-environment.ts';

/**
 * How a receiver's timestamps become positions: what a person set; else bit-exact where the stream shares our clock and the
 * device's rate, and resampled where it does not.
 */
export function resolveTiming(
  receiver: StoredReceiver,
  deviceRate: number,
  environment: PlanEnvironment,
): TimingPlan {
  const { mediaClock } = receiver.stream;
  const offset = mediaClock?.kind === 'direct' ? mediaClock.offset : 0;
  const kind =
    receiver.timing === 'auto' ? fittingTiming(receiver, deviceRate, environment) : receiver.timing;
  return kind === 'shared' ? { kind, offset } : { kind };
}

function fittingTiming(
  receiver: StoredReceiver,
  deviceRate: number,
  environment: PlanEnvironment,
): 'shared' | 'resample' {
  const sharesRate = receiver.stream.rate === deviceRate;
  return sharesRate && compareClocks(receiver, environment)?.verdict === 'shared' ? 'shared' : 'resample';
}

/** The stream's clock beside ours; undefined while ours is not known. */
export function compareClocks(
  receiver: StoredReceiver,
  environment: PlanEnvironment,
): ClockMatch | undefined {
  const session = receiver.clockDomain === undefined ? {} : { clockDomain: receiver.clockDomain };
  // On the system clock this machine has as many names as interfaces: a stream of ours may carry any of them.
  const matches = environment.interfaces.flatMap((via) => {
    const ours = clockIdentityOf(environment.clock, via);
    return ours === undefined ? [] : [matchClock(session, receiver.stream, ours)];
  });
  return matches.find((match) => match.verdict === 'shared') ?? matches[0];
}
