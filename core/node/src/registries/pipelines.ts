import { createToken, toProblem } from '@tutti/base';
import type { SessionDescription } from '@tutti/model';
import type { Log } from '../platform/log.ts';
import { TapList } from './tap-list.ts';

/** The pipelines in which extensions may step in (`Hooks` of the extension API). */
export interface Pipelines {
  /** Context: the text that was read. */
  readonly sessionParsed: TapList<SessionDescription, string>;
  /** Context: the sender's id. */
  readonly sdpWillPublish: TapList<string, string>;
}

export const PipelinesToken = createToken<Pipelines>('Pipelines');

export function createPipelines(log: Log): Pipelines {
  const report =
    (pipeline: string) =>
    (name: string, error: unknown): void =>
      log.warn('hook.failed', `${name} failed in ${pipeline}: ${toProblem(error).message}; passed over`);
  return {
    sessionParsed: new TapList(report('sessionParsed')),
    sdpWillPublish: new TapList(report('sdpWillPublish')),
  };
}
