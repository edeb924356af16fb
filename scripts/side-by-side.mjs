import { cpus } from 'node:os';

/**
 * Runs tasks side by side, as many as there are processors, beginning them in their order.
 * @template T
 * @param {readonly (() => Promise<T>)[]} tasks
 * @param {number} width how many at once
 * @returns {Promise<T[]>} in the order of the tasks
 */
export async function sideBySide(tasks, width = cpus().length) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < tasks.length) {
      const index = next++;
      results[index] = await tasks[index]();
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
