import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

/**
 * What a neighbour on the other processor does not disturb: pages, discovery, state. Everything else listens to audio or
 * clocks. The longest first, so that none is left alone at the end.
 */
const besideOthers = [
  'state',
  'stranger',
  'workbench-streams',
  'workbench-house',
  'workbench-routing',
  'patching',
]
  .concat(['restart', 'ravenna', 'rtsp-unicast', 'dante', 'discovery', 'page'])
  .map((name) => `test/integration/${name}.test.ts`);

/** In the order of `besideOthers`; other files as vitest would have them. */
class LongestFirst extends BaseSequencer {
  async sort(files) {
    const place = ({ moduleId }) => besideOthers.findIndex((name) => moduleId.endsWith(name));
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
