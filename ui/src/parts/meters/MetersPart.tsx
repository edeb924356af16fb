import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import { localize } from '../../localize/localize.ts';
import { useHost, useHostState, useHostValue } from '../../api/host-context.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { Part } from '../../widgets/Part.tsx';
import { useKept } from '../../widgets/use-kept.ts';
import { levelText } from '../../widgets/words.ts';
import { Ballistics } from './ballistics.ts';
import { inputUse, outputUse } from '../../widgets/channel-use.ts';
import { painterThread } from './level-canvas.ts';
import { MeterSide } from './MeterSide.tsx';
import { MeterSummary, withSignal } from './MeterSummary.tsx';
import './meters.css';

/**
 * Live peaks of every device channel. Frames go straight to the painter's thread; the levels that are kept here are for words, which React
 * draws once a second.
 */
export function MetersPart() {
  const host = useHost();
  const device = useHostValue(({ state }) => state?.status.device);
  const receivers = useHostState('receivers');
  const senders = useHostState('senders');
  const inputs = device?.inputs ?? 128;
  const outputs = device?.outputs ?? 128;
  const sides = useMemo(
    () => ({ inputs: new Ballistics(inputs), outputs: new Ballistics(outputs) }),
    [inputs, outputs],
  );
  // Counters of streams move, who uses a channel does not.
  const inputsUsed = useKept(useMemo(() => inputUse(inputs, receivers ?? []), [inputs, receivers]));
  const outputsUsed = useKept(useMemo(() => outputUse(outputs, senders ?? []), [outputs, senders]));

  const wakes = useRef<{ inputs?: () => void; outputs?: () => void }>({});
  const wakeInputs = useCallback((wake: () => void) => void (wakes.current.inputs = wake), []);
  const wakeOutputs = useCallback((wake: () => void) => void (wakes.current.outputs = wake), []);

  useEffect(() => {
    const subscription = host.onMeters((frame) => {
      if (document.hidden) return;
      const now = performance.now();
      sides.inputs.feed(frame.inputs, now);
      sides.outputs.feed(frame.outputs, now);
      wakes.current.inputs?.();
      wakes.current.outputs?.();
    });
    return () => subscription.dispose();
  }, [host, sides]);

  const [seconds, drawWords] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden) return;
      // No frames come any more once the engine has stopped.
      for (const side of Object.values(sides)) side.advance(performance.now());
      drawWords();
    }, 1000);
    return () => clearInterval(timer);
  }, [sides]);

  const reset = (): void => {
    sides.inputs.reset();
    sides.outputs.reset();
    painterThread.resetHolds();
    wakes.current.inputs?.();
    wakes.current.outputs?.();
    drawWords();
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
        <MeterSide side="input" levels={sides.inputs} use={inputsUsed} onWake={wakeInputs} />
        <MeterSide side="output" levels={sides.outputs} use={outputsUsed} onWake={wakeOutputs} />
      </div>
      <MeterSummary side="input" levels={sides.inputs} use={inputsUsed} seconds={seconds} />
      <MeterSummary side="output" levels={sides.outputs} use={outputsUsed} seconds={seconds} />
    </Part>
  );
}

/** `16 of 128 with signal, highest −6.2 dBFS (3), 1 over`. */
function sideText(levels: Ballistics): string {
  const channels = withSignal(levels);
  const hold = (channel: number): number => levels.hold[channel] ?? -Infinity;
  const [first] = channels;
  const overs = levels.over.reduce((sum, over) => sum + over, 0);
  const parts = [localize('meters.signal', '{0} of {1} with signal', channels.length, levels.channels)];
  if (first !== undefined) {
    const highest = channels.reduce((best, channel) => (hold(channel) > hold(best) ? channel : best), first);
    parts.push(localize('meters.highest', 'highest {0} ({1})', levelText(hold(highest)), highest + 1));
  }
  if (overs > 0) parts.push(localize('meters.over', '{0} over', overs));
  return parts.join(', ');
}
