// Renames the device of a running instance as fast as it answers, so that its state is being written all the time:
// node rename-device.mjs URL TOKEN-FILE FIRST. Prints the engine's process and the name it finds, then each number before
// it is asked for and again when it is done.
import { readFileSync } from 'node:fs';

const [url, tokenFile, first] = process.argv.slice(2);
const headers = {
  authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`,
  'content-type': 'application/json',
};
const found = await (await fetch(new URL('/api/v1/status', url), { headers })).json();
process.stdout.write(`engine ${found.engine.pid}\nfound ${found.device.name}\n`);
for (let number = Number(first); ; ++number) {
  process.stdout.write(`asked ${number}\n`);
  const body = JSON.stringify({ name: `device ${number}` });
  const reply = await fetch(new URL('/api/v1/device', url), { method: 'PATCH', headers, body });
  if (!reply.ok) throw new Error(`${reply.status}: ${await reply.text()}`);
  process.stdout.write(`done ${number}\n`);
}
