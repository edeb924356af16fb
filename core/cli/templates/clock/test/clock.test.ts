import { test } from 'node:test';
import { clockConformance, wallClockReference } from '@tutti/test';

const ending = process.platform === 'darwin' ? 'dylib' : 'so';

for (const { title, run } of clockConformance({
  library: `dist/native/template-name.${ending}`,
  id: 'template-name',
  options: {},
  reference: wallClockReference,
  toleranceNs: 5_000_000,
  settleMs: 10_000,
})) {
  test(title, run);
}
