// How fast extensions come, go and talk: `node extension-speed.mjs URL ROUNDS EXTENSION COMMAND`. URL is what `tutti serve` prints;
// EXTENSION is disabled and enabled, COMMAND calls through the core as often as it is told. Writes one line of JSON: milliseconds
// of each round, with a person's pause and at once again, beside those of a bare `fork` of Node, and round trips a second.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostApi } from './host-api.mjs';

const [url, rounds, extension, command] = process.argv.slice(2);
const request = hostApi(url);
const post = (path, body) => request('POST', path, body);
const calls = 20_000;
/** A person's between two presses, at the least: the host has a process ready again after it. */
const pauseMs = 700;

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
const took = { fork: [], enable: [], disable: [], enableAgain: [] };
const disable = () => post(`extensions/${extension}/disable`, { force: true });
const enable = () => post(`extensions/${extension}/enable`, {});
await sleep(pauseMs);
// In turn, so that what the machine does meanwhile is in all of them.
for (let round = 0; round < Number(rounds); round += 1) {
  took.disable.push(await timed(disable));
  took.enable.push(await timed(enable));
  // The process that the host keeps ready was just taken, and the next is not there yet.
  await disable();
  took.enableAgain.push(await timed(enable));
  await sleep(pauseMs);
  took.fork.push(await bareFork(script));
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ ...took, calls: [await roundTrips(1), await roundTrips(16)] }));
