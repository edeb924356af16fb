import { createToken, type Event } from '@tutti/base';
import type {
  ApplyPlanReply,
  EngineClockStatus,
  EnginePlan,
  EngineStatus,
  EngineWelcome,
} from '@tutti/common';

export type EngineState = 'running' | 'starting' | 'down';

/** The engine process, started and kept alive. Its death is noticed, and a new one is running within a second. */
export interface EngineClient {
  readonly state: EngineState;
  /** Of the engine that is connected now. */
  readonly welcome: EngineWelcome | undefined;
  /** Whether the engine was started by this client, not found running. */
  readonly hasStartedEngine: boolean;
  readonly onDidChangeState: Event<EngineState>;
  /** Connected, to one that was running or to a new one; the plan has to be applied. */
  readonly onDidConnect: Event<EngineWelcome>;
  readonly onDidChangeClock: Event<EngineClockStatus>;
  /** Somebody chose another rate in a HAL driver's settings; the number is not checked. */
  readonly onDidWantRate: Event<number>;
  /** Connects, or starts one and connects. Resolves when connected; goes on trying for ever, and rejects after 10 s. */
  start(): Promise<void>;
  /** @throws TuttiError `unavailable` if no engine is connected, `timeout`. */
  apply(plan: EnginePlan): Promise<ApplyPlanReply>;
  /** What {@link apply} would answer; nothing changes. */
  check(plan: EnginePlan): Promise<Pick<ApplyPlanReply, 'problems'>>;
  status(): Promise<EngineStatus>;
  /** Ends the engine, and does not start another. */
  shutdown(): Promise<void>;
  /** Leaves the engine running. */
  dispose(): void;
}

export const EngineClientToken = createToken<EngineClient>('EngineClient');
