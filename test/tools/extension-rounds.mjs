// Takes extensions out of use and brings them back, again and again, through the host API: `node extension-rounds.mjs URL ROUNDS
// ID...`. URL is what `tutti serve` prints. Writes one line of JSON: milliseconds of each disabling and enabling, by extension.
const [url = '', rounds = '0', ...ids] = process.argv.slice(2);
const base = new URL(url);
const headers = {
  authorization: `Bearer ${base.searchParams.get('token')}`,
  'content-type': 'application/json',
};

async function change(id, verb) {
  const body = JSON.stringify(verb === 'disable' ? { force: true } : {});
  const response = await fetch(new URL(`/api/v1/extensions/${id}/${verb}`, base), {
    method: 'POST',
    headers,
    body,
  });
  const info = await response.json();
  const wanted = verb === 'disable' ? 'disabled' : 'active';
  if (info.state !== wanted) throw new Error(`${verb} ${id}: ${JSON.stringify(info)}`);
}

const took = Object.fromEntries(ids.map((id) => [id, []]));
for (let round = 0; round < Number(rounds); round += 1) {
  for (const id of ids) {
    const begin = performance.now();
    await change(id, 'disable');
    await change(id, 'enable');
    took[id].push(performance.now() - begin);
  }
}
console.log(JSON.stringify(took));
