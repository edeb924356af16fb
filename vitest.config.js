import { defineConfig } from 'vitest/config';

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
        // Real peers in network namespaces: one file at a time, the machine is the bench. Two pages of Chromium beside each other
        // take longer than one after the other, and disturb whoever listens to audio.
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
