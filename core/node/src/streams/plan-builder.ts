import type { Problem } from '@tutti/base';
import type { EnginePlan, PluginPlan, ReceiverPlan, SenderPlan } from '@tutti/common';
import type { StoredState } from '../state/stored-state.ts';
import { channelNames } from './channel-names.ts';
import type { PlanEnvironment } from './plan-environment.ts';
import { planReceiver } from './receiver-plan.ts';
import { planSender } from './sender-plan.ts';

export interface BuiltPlan {
  readonly plan: EnginePlan;
  /** Parts that are left out, by id of the receiver or sender, or `clock`. */
  readonly problems: ReadonlyMap<string, Problem>;
}

/** Turns what a person wants into what the engine is to do. Pure: the same state and environment give the same plan. */
export function buildPlan(state: StoredState, environment: PlanEnvironment): BuiltPlan {
  const problems = new Map<string, Problem>();
  const receivers: ReceiverPlan[] = [];
  for (const receiver of state.receivers) {
    const planned = planReceiver(receiver, state.device, environment);
    if (planned.ok) receivers.push(planned.value);
    else problems.set(receiver.id, planned.error);
  }
  const senders: SenderPlan[] = [];
  for (const sender of state.senders) {
    const planned = planSender(sender, state.device, environment);
    if (planned.ok) senders.push(planned.value);
    else problems.set(sender.id, planned.error);
  }
  if (!environment.libraries.some((each) => each.kind === 'clock' && each.id === state.clockSource)) {
    const message = `no extension that is enabled has the clock ${state.clockSource}`;
    problems.set('clock', { code: 'unsupported', field: 'source', message });
  }
  const plugins = environment.libraries.map(({ kind, id, path, file }): PluginPlan => ({
    kind,
    id,
    path,
    file,
  }));
  const { device, clockSource } = state;
  return {
    plan: {
      device: { ...device, ...channelNames(state) },
      clock: { source: clockSource, options: environment.clockOptions[clockSource] ?? {} },
      plugins,
      receivers,
      senders,
    },
    problems,
  };
}
