import { defineConfig } from 'vitest/config';

/** What a neighbour on the other processor does not disturb: pages, discovery, state. Everything else listens to audio or clocks. */
const besideOthers = ['dante', 'discovery', 'page', 'patching', 'ravenna', 'restart', 'rtsp-unicast', 'state']
  .concat(['stranger', 'workbench-house', 'workbench-routing', 'workbench-streams'])
  .map((name) => `test/integration/${name}.test.ts`);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Many start processes: a test that hangs is found, a machine with something else to do is not.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          include: [
            'core/*/test/**/*.test.ts',
            'extensions/*/test/**/*.test.ts',
            'ui/test/**/*.test.{ts,tsx}',
          ],
        },
      },
      {
        // Real peers in network namespaces: one file at a time, the machine is the bench.
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: besideOthers,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Each in namespaces of its own, two at a time.
        test: {
          name: 'integration-beside',
          include: besideOthers,
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
