import type { ReceiverStart, SenderStart } from '@tutti/api';
import { createToken, toProblem } from '@tutti/base';
import type { SessionDescription } from '@tutti/model';
import type { Log } from '../platform/log.ts';
import { TapList } from './tap-list.ts';

/** The pipelines in which extensions may step in (`Hooks` of the extension API). */
export interface Pipelines {
  /** Context: the text that was read. */
  readonly sessionParsed: TapList<SessionDescription, string>;
  readonly receiverWillStart: TapList<ReceiverStart, undefined>;
  readonly senderWillStart: TapList<SenderStart, undefined>;
  /** Context: the sender's id. */
  readonly sdpWillPublish: TapList<string, string>;
  readonly shutdown: TapList<undefined, undefined>;
}

export const PipelinesToken = createToken<Pipelines>('Pipelines');

export function createPipelines(log: Log): Pipelines {
  const report =
    (pipeline: string) =>
    (name: string, error: unknown): void =>
      log.warn('hook.failed', `${name} failed in ${pipeline}: ${toProblem(error).message}; passed over`);
  return {
    sessionParsed: new TapList(report('sessionParsed')),
    receiverWillStart: new TapList(report('receiverWillStart')),
    senderWillStart: new TapList(report('senderWillStart')),
    sdpWillPublish: new TapList(report('sdpWillPublish')),
    shutdown: new TapList(report('shutdown')),
  };
}
