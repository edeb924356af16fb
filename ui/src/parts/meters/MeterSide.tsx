import type { Disposable } from '@tutti/base';
import { memo, useCallback, useEffect, useRef, type KeyboardEvent } from 'react';
import type { ShownLevels } from './ballistics.ts';
import { localize } from '../../localize/localize.ts';
import type { ChannelUse } from '../../widgets/channel-use.ts';
import { levelThread } from './level-thread.ts';
import { MeterBridge } from './meter-bridge.ts';
import { sideWords, type Side } from './side-words.ts';
import { levelText } from '../../widgets/words.ts';

export interface MeterSideProps {
  readonly side: Side;
  readonly levels: ShownLevels;
  readonly use: ChannelUse;
}

/** Between two numbers that are read out. */
const readoutMs = 100;

const steps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 8,
  PageDown: -8,
};

/** One canvas of meters with its readout: by pointer, or as a slider over the channels by keyboard. */
export const MeterSide = memo(function MeterSide({ side, levels, use }: MeterSideProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const readout = useRef<HTMLParagraphElement>(null);
  const bridge = useRef<MeterBridge>(undefined);
  const watch = useRef<Disposable>(undefined);
  const useNow = useRef(use);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const drawn = new MeterBridge(element, side, levels.level.length);
    bridge.current = drawn;
    return () => {
      drawn.dispose();
      watch.current?.dispose();
      watch.current = undefined;
    };
  }, [side, levels]);

  const readOut = useCallback(() => {
    const channel = bridge.current?.cursor;
    const text = channel === undefined ? '' : describe(side, channel, levels, useNow.current);
    if (readout.current && readout.current.textContent !== text) readout.current.textContent = text;
  }, [side, levels]);

  useEffect(() => {
    useNow.current = use;
    if (bridge.current) bridge.current.used = Uint8Array.from(use, (who) => (who === undefined ? 0 : 1));
  }, [use]);

  /** `undefined` ends the readout. The slider's words change on a step, not with every level: nobody could listen to that. */
  const point = (channel: number | undefined): void => {
    if (!bridge.current || !canvas.current) return;
    bridge.current.cursor = channel;
    readOut();
    if (channel === undefined) {
      watch.current?.dispose();
      watch.current = undefined;
      return;
    }
    watch.current ??= levelThread.watch(readoutMs, readOut);
    canvas.current.setAttribute('aria-valuenow', String(channel + 1));
    canvas.current.setAttribute('aria-valuetext', describe(side, channel, levels, use));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    const from = bridge.current?.cursor ?? 0;
    const last = levels.level.length - 1;
    if (step !== undefined) point(Math.min(last, Math.max(0, from + step)));
    else if (event.key === 'Home') point(0);
    else if (event.key === 'End') point(last);
    else return;
    event.preventDefault();
  };

  return (
    <div className="meter-side">
      <div className="meter-caption">
        <h3>{sideWords(side).title}</h3>
        <p className="meter-readout" ref={readout} aria-hidden="true" />
      </div>
      <canvas
        ref={canvas}
        className="meter-canvas"
        tabIndex={0}
        role="slider"
        aria-label={sideWords(side).read}
        aria-valuemin={1}
        aria-valuemax={levels.level.length}
        aria-valuenow={1}
        aria-valuetext={sideWords(side).channel(1)}
        onPointerMove={(event) => point(bridge.current?.channelAt(event.clientX))}
        onPointerLeave={() => point(undefined)}
        onFocus={(event) => {
          if (event.target.matches(':focus-visible')) point(bridge.current?.cursor ?? 0);
        }}
        onBlur={() => point(undefined)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
});

function describe(side: Side, channel: number, levels: ShownLevels, use: ChannelUse): string {
  const level = levelText(levels.level[channel] ?? -Infinity);
  const hold = levelText(levels.hold[channel] ?? -Infinity);
  const over = levels.over[channel] === 1 ? `, ${localize('meters.overMark', 'over')}` : '';
  return `${sideWords(side).channel(channel + 1)} · ${use[channel] ?? localize('map.none', 'no route')} · ${level} · ${localize('meters.hold', 'hold {0}', hold)}${over}`;
}
