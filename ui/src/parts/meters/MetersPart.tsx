import { useEffect, useMemo, useReducer, useRef } from 'react';
import { localize } from '../../localize/localize.ts';
import { useHostState, useHostValue } from '../../api/host-context.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { Part } from '../../widgets/Part.tsx';
import { useKept } from '../../widgets/use-kept.ts';
import { levelText } from '../../widgets/words.ts';
import type { ShownLevels } from './ballistics.ts';
import { inputUse, outputUse } from '../../widgets/channel-use.ts';
import { levelThread } from './level-thread.ts';
import { MeterSide } from './MeterSide.tsx';
import { MeterSummary, withSignal } from './MeterSummary.tsx';
import './meters.css';

const wordsMs = 1000;

/**
 * Live peaks of every device channel, heard and painted in a thread of their own; the levels that are kept here are for words, which
 * React draws once a second.
 */
export function MetersPart() {
  const device = useHostValue(({ state }) => state?.status.device);
  const receivers = useHostState('receivers');
  const senders = useHostState('senders');
  const inputs = device?.inputs ?? 128;
  const outputs = device?.outputs ?? 128;
  const sides = useMemo(() => ({ inputs: silence(inputs), outputs: silence(outputs) }), [inputs, outputs]);
  // Counters of streams move, who uses a channel does not.
  const inputsUsed = useKept(useMemo(() => inputUse(inputs, receivers ?? []), [inputs, receivers]));
  const outputsUsed = useKept(useMemo(() => outputUse(outputs, senders ?? []), [outputs, senders]));

  const [seconds, drawWords] = useReducer((count: number) => count + 1, 0);
  /** When they are drawn again at the earliest, ms of the page. */
  const wordsDue = useRef(0);
  useEffect(() => {
    const subscription = levelThread.watch(wordsMs, ({ input, output }) => {
      take(sides.inputs, input);
      take(sides.outputs, output);
      const now = performance.now();
      // Others may want to know more often.
      if (now < wordsDue.current) return;
      wordsDue.current = now + 0.9 * wordsMs;
      drawWords();
    });
    return () => subscription.dispose();
  }, [sides]);

  const reset = (): void => {
    wordsDue.current = 0;
    levelThread.resetHolds();
  };

  return (
    <Part
      title={localize('meters.title', 'Meters')}
      icon="graph"
      summary={
        <>
          <span>{localize('meters.in', 'In: {0}', sideText(sides.inputs))}</span>
          <span>{localize('meters.out', 'Out: {0}', sideText(sides.outputs))}</span>
        </>
      }
      actions={
        <ActionButton kind="quiet" icon="debug-restart" onPress={reset}>
          {localize('meters.reset', 'Reset holds')}
        </ActionButton>
      }
    >
      <div className="meter-sides">
        <MeterSide side="input" levels={sides.inputs} use={inputsUsed} />
        <MeterSide side="output" levels={sides.outputs} use={outputsUsed} />
      </div>
      <MeterSummary side="input" levels={sides.inputs} use={inputsUsed} seconds={seconds} />
      <MeterSummary side="output" levels={sides.outputs} use={outputsUsed} seconds={seconds} />
    </Part>
  );
}

const silence = (channels: number): ShownLevels => ({
  level: new Float32Array(channels).fill(-Infinity),
  hold: new Float32Array(channels).fill(-Infinity),
  over: new Uint8Array(channels),
});

/** What was reported of a device that had more channels is cut. */
function take(shown: ShownLevels, { level, hold, over }: ShownLevels): void {
  shown.level.set(level.subarray(0, shown.level.length));
  shown.hold.set(hold.subarray(0, shown.hold.length));
  shown.over.set(over.subarray(0, shown.over.length));
}

/** `16 of 128 with signal, highest −6.2 dBFS (3), 1 over`. */
function sideText(levels: ShownLevels): string {
  const channels = withSignal(levels);
  const hold = (channel: number): number => levels.hold[channel] ?? -Infinity;
  const [first] = channels;
  const overs = levels.over.reduce((sum, over) => sum + over, 0);
  const parts = [localize('meters.signal', '{0} of {1} with signal', channels.length, levels.level.length)];
  if (first !== undefined) {
    const highest = channels.reduce((best, channel) => (hold(channel) > hold(best) ? channel : best), first);
    parts.push(localize('meters.highest', 'highest {0} ({1})', levelText(hold(highest)), highest + 1));
  }
  if (overs > 0) parts.push(localize('meters.over', '{0} over', overs));
  return parts.join(', ');
}
