// Renames the device of a running instance as fast as it answers, so that its state is being written all the time:
// node rename-device.mjs URL FIRST. URL is what `tutti serve` prints. Prints the engine's process and the name it finds, then each
// number before it is asked for and again when it is done.
import { hostApi } from './host-api.mjs';

const [url, first] = process.argv.slice(2);
const request = hostApi(url);
const found = await request('GET', 'status');
process.stdout.write(`engine ${found.engine.pid}\nfound ${found.device.name}\n`);
for (let number = Number(first); ; ++number) {
  process.stdout.write(`asked ${number}\n`);
  await request('PATCH', 'device', { name: `device ${number}` });
  process.stdout.write(`done ${number}\n`);
}
