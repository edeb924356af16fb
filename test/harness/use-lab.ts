import { afterAll, afterEach, beforeAll } from 'vitest';
import { Lab } from './lab.ts';

/** A lab for the tests of one `describe`: made before them, removed after them, its output shown when one fails. */
export function useLab(others: readonly string[] = []): () => Lab {
  let lab: Lab | undefined;
  const get = () => {
    if (!lab) throw new Error('the lab exists only while tests run');
    return lab;
  };
  beforeAll(() => {
    lab = new Lab(others);
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(`programs of "${task.name}":\n${get().report()}`);
    lab?.forgetEnded();
  });
  afterAll(async () => {
    await lab?.remove();
    lab = undefined;
  });
  return get;
}
