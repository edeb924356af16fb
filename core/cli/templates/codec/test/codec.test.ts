import { test } from 'node:test';
import { codecConformance } from '@tutti/test';

const ending = process.platform === 'darwin' ? 'dylib' : 'so';

for (const { title, run } of codecConformance({
  library: `dist/native/template-name.${ending}`,
  encoding: 'L8',
})) {
  test(title, run);
}
