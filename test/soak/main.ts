// `npm run soak -- NAME... [--seconds N]`: runs long measurements and puts their tables into the documentation.
// Without a name it lists what there is; with --print it leaves the pages alone.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { measuredBy, putIntoPage } from '../harness/measured-page.ts';
import type { Soak } from './soak.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, print: { type: 'boolean', default: false } },
});
const soaks = await findSoaks();
const unknown = positionals.filter((name) => !soaks.has(name));
if (positionals.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no soak ${unknown.join(', ')}; there are:`);
  for (const [name, { about, seconds }] of soaks) console.log(`${name.padEnd(16)} ${seconds} s  ${about}`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

let failed = false;
for (const name of positionals) {
  const soak = soaks.get(name);
  if (!soak) continue;
  const seconds = values.seconds === undefined ? soak.seconds : Number(values.seconds);
  const { lines, problems } = await soak.run(seconds);
  const command = `npm run soak -- ${name}${values.seconds === undefined ? '' : ` --seconds ${seconds}`}`;
  const text = [
    measuredBy(command),
    '',
    ...lines,
    ...(problems.length > 0 ? ['', ...problems.map((each) => `- **Not kept:** ${each}`)] : []),
  ].join('\n');
  console.log(`\n${text}\n`);
  if (!values.print) putIntoPage(soak.page, `soak ${name}`, text);
  failed ||= problems.length > 0;
}
process.exitCode = failed ? 1 : 0;

async function findSoaks(): Promise<Map<string, Soak>> {
  const found = new Map<string, Soak>();
  for (const file of readdirSync(import.meta.dirname).sort()) {
    const module = file === 'main.ts' ? {} : ((await import(`./${file}`)) as { soak?: Soak });
    if (module.soak) found.set(basename(file, '.ts'), module.soak);
  }
  return found;
}
