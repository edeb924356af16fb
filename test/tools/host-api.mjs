// The host API for tools of the tests, which run in a namespace. URL is what `tutti serve` prints, with the token.
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** @returns what `request(method, path, body)` gives: the answer as JSON; rejects with what the host said unless it was content. */
export function hostApi(url) {
  const base = new URL(url);
  const agent = new Agent({ keepAlive: true });
  const headers = {
    authorization: `Bearer ${base.searchParams.get('token')}`,
    'content-type': 'application/json',
  };
  // Not `fetch`: these tools are started hundreds of times, and it compiles a parser first.
  const ask = (method, path, body) =>
    new Promise((resolve, reject) => {
      const options = { method, headers, agent };
      const asked = request(new URL(`/api/v1/${path}`, base), options, (answer) => {
        text(answer).then((said) => resolve({ status: answer.statusCode, said }), reject);
      });
      asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  return async (method, path, body) => {
    const { status, said } = await ask(method, path, body);
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${said}`);
    return JSON.parse(said);
  };
}
