import { beforeEach, describe, expect, it } from 'vitest';
import { FrameLoop } from '../../src/widgets/frame-loop.ts';

let requested: ((time: number) => void) | undefined;
let time = 0;
let loop: FrameLoop;

beforeEach(() => {
  [requested, time] = [undefined, 1000];
  loop = new FrameLoop(
    (draw) => {
      requested = draw;
      return 1;
    },
    () => (requested = undefined),
  );
});

/** @returns false if nobody wants a frame. */
function frame(ms = 16): boolean {
  const draw = requested;
  requested = undefined;
  time += ms;
  draw?.(time);
  return draw !== undefined;
}

describe('the loop of frames', () => {
  it('paints as seldom as asked for, and one thing in a frame: the one that has waited longest', () => {
    const painted: string[] = [];
    const add = (name: string, interval: number) =>
      loop.add(() => {
        painted.push(name);
        return true;
      }, interval);
    for (const each of [add('strip', 95), add('left', 28), add('right', 28)]) each.wake();
    const frames = Array.from({ length: 12 }, () => {
      painted.length = 0;
      frame(16);
      return painted.join(' ');
    });
    const lap = ['strip', 'left', 'right', 'left', 'right', 'left'];
    const next = ['right', 'strip', 'left', 'right', 'left', 'right'];
    expect(frames).toEqual([...lap, ...next]);
  });

  it('lets what a person does wait for nothing', () => {
    const painted = new Map<string, number>();
    for (const [name, interval] of [
      ['hover', 0],
      ['strip', 95],
      ['meters', 28],
    ] as const)
      loop
        .add(() => {
          painted.set(name, (painted.get(name) ?? 0) + 1);
          return true;
        }, interval)
        .wake();
    for (let i = 0; i < 12; i++) frame(16);
    expect(Object.fromEntries(painted)).toEqual({ hover: 12, strip: 2, meters: 6 });
  });

  it('rests when nothing moves, and begins again when something wakes', () => {
    let moves = true;
    const one = loop.add(() => moves);
    one.wake();
    expect([frame(), frame(), frame()]).toEqual([true, true, true]);
    moves = false;
    while (frame());
    expect(frame()).toBe(false);
    one.wake();
    expect(frame()).toBe(true);
  });

  it('wants no frame for what is gone', () => {
    const one = loop.add(() => true);
    one.wake();
    one.dispose();
    expect(frame()).toBe(false);
  });
});
