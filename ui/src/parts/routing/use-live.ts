import { useEffect, useMemo, useState } from 'react';
import { useHostState } from '../../api/host-context.ts';
import { levelThread } from '../meters/level-thread.ts';
import type { Face } from './patch-bay.ts';
import { SignalWatch } from './signal-watch.ts';
import { receiverTrouble, senderTrouble } from './stream-health.ts';

/** Signals are looked at this often: a change is seen at once, and nothing flickers. */
const signalMs = 250;

/** Which of the device's channels on a face have a signal. */
export function useSignals(face: Face, channels: number): Uint8Array {
  const watch = useMemo(() => new SignalWatch(channels), [channels]);
  const [signal, setSignal] = useState<Uint8Array>(() => new Uint8Array(channels));
  useEffect(() => {
    const subscription = levelThread.watch(signalMs, ({ input, output }) => {
      watch.feed((face === 'receive' ? input : output).peaks, performance.now());
      const next = watch.at(performance.now());
      setSignal((before) => (equal(before, next) ? before : next));
    });
    return () => subscription.dispose();
  }, [face, watch]);
  return signal;
}

/** What is wrong with each stream now, by id. Keeps its identity while that is the same. */
export function useTrouble(): ReadonlyMap<string, string> {
  const receivers = useHostState('receivers');
  const senders = useHostState('senders');
  const found = [
    ...(receivers ?? []).map((each) => [each.id, receiverTrouble(each)]),
    ...(senders ?? []).map((each) => [each.id, senderTrouble(each)]),
  ].filter(([, text]) => text !== undefined);
  const text = JSON.stringify(found);
  return useMemo(() => new Map(JSON.parse(text) as [string, string][]), [text]);
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
