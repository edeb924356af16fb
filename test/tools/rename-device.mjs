// Renames the device of a running instance as fast as it answers, so that its state is being written all the time:
// node rename-device.mjs URL TOKEN-FILE FIRST. Prints each number before it is asked for and again when it is done.
import { readFileSync } from 'node:fs';

const [url, tokenFile, first] = process.argv.slice(2);
const headers = {
  authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`,
  'content-type': 'application/json',
};
for (let number = Number(first); ; ++number) {
  process.stdout.write(`asked ${number}\n`);
  const body = JSON.stringify({ name: `device ${number}` });
  const reply = await fetch(new URL('/api/v1/device', url), { method: 'PATCH', headers, body });
  if (!reply.ok) throw new Error(`${reply.status}: ${await reply.text()}`);
  process.stdout.write(`done ${number}\n`);
}
