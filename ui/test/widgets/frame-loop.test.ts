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
  it('lets things in different places take turns', () => {
    const painted: string[] = [];
    const add = (name: string, place: number) =>
      loop.add(() => {
        painted.push(name);
        return true;
      }, place);
    const all = [add('strip', 0), add('left', 1), add('right', 1)];
    for (const each of all) each.wake();
    frame(); // the first one comes out of a rest: everything at once
    painted.length = 0;
    for (let i = 0; i < 4; i++) frame();
    const turn = painted.indexOf('strip');
    expect(painted.filter((name) => name === 'strip')).toHaveLength(2);
    expect(painted.filter((name) => name === 'left')).toHaveLength(2);
    expect(painted.slice(0, 3)).toEqual(turn === 0 ? ['strip', 'left', 'right'] : ['left', 'right', 'strip']);
  });

  it('paints everything in every frame when frames come late', () => {
    let painted = 0;
    for (const place of [0, 1])
      loop
        .add(() => {
          painted += 1;
          return true;
        }, place)
        .wake();
    for (let i = 0; i < 3; i++) frame(40);
    expect(painted).toBe(6);
  });

  it('rests when nothing moves, and begins again when something wakes', () => {
    let moves = true;
    const one = loop.add(() => moves, 0);
    one.wake();
    expect([frame(), frame(), frame()]).toEqual([true, true, true]);
    moves = false;
    while (frame());
    expect(frame()).toBe(false);
    one.wake();
    expect(frame()).toBe(true);
  });

  it('wants no frame for what is gone', () => {
    const one = loop.add(() => true, 0);
    one.wake();
    one.dispose();
    expect(frame()).toBe(false);
  });
});
