// The host API for tools of the tests, which run in a namespace. URL is what `tutti serve` prints, with the token.

/** @returns what `request(method, path, body)` gives: the answer as JSON; rejects with what the host said unless it was content. */
export function hostApi(url) {
  const base = new URL(url);
  const headers = {
    authorization: `Bearer ${base.searchParams.get('token')}`,
    'content-type': 'application/json',
  };
  return async (method, path, body) => {
    const response = await fetch(new URL(`/api/v1/${path}`, base), {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}
