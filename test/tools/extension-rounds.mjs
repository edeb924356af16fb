// Takes extensions out of use and brings them back, again and again, through the host API: `node extension-rounds.mjs URL ROUNDS
// ID...`. URL is what `tutti serve` prints.
import { hostApi } from './host-api.mjs';

const [url, rounds, ...ids] = process.argv.slice(2);
const request = hostApi(url);

async function change(id, verb, body, wanted) {
  const info = await request('POST', `extensions/${id}/${verb}`, body);
  if (info.state !== wanted) throw new Error(`${verb} ${id}: ${JSON.stringify(info)}`);
}

for (let round = 0; round < Number(rounds); round += 1) {
  for (const id of ids) {
    await change(id, 'disable', { force: true }, 'disabled');
    await change(id, 'enable', {}, 'active');
  }
}
