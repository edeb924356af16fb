// How fast extensions come, go and talk: `node extension-speed.mjs URL ROUNDS EXTENSION COMMAND`. URL is what `tutti serve` prints;
// EXTENSION is disabled and enabled, COMMAND calls through the core as often as it is told. Writes one line of JSON: milliseconds
// of each round, beside those of a bare `fork` of Node, and round trips a second.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostApi } from './host-api.mjs';

const [url, rounds, extension, command] = process.argv.slice(2);
const request = hostApi(url);
const post = (path, body) => request('POST', path, body);
const calls = 20_000;

async function timed(act) {
  const begin = performance.now();
  await act();
  return performance.now() - begin;
}

async function bareFork(script) {
  const begin = performance.now();
  const child = fork(script, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  await once(child, 'message');
  const took = performance.now() - begin;
  child.kill('SIGKILL');
  await once(child, 'exit');
  return took;
}

async function roundTrips(atOnce) {
  const run = (many) =>
    post(`commands/${command}`, { arguments: { calls: many, atOnce }, timeoutMs: 120_000 });
  await run(calls / 10); // what runs for the first time is slow
  const { result } = await run(calls);
  return { atOnce, perSecond: (2 * calls) / (result / 1000) };
}

const folder = mkdtempSync(join(tmpdir(), 'tutti-speed-'));
const script = join(folder, 'bare.mjs');
writeFileSync(script, `process.send('up'); setInterval(() => undefined, 1000);`);
const took = { fork: [], enable: [], disable: [] };
// In turn, so that what the machine does meanwhile is in all of them.
for (let round = 0; round < Number(rounds); round += 1) {
  took.disable.push(await timed(() => post(`extensions/${extension}/disable`, { force: true })));
  took.enable.push(await timed(() => post(`extensions/${extension}/enable`, {})));
  took.fork.push(await bareFork(script));
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ ...took, calls: [await roundTrips(1), await roundTrips(16)] }));
