import type { SessionSource } from '@tutti/api';
import { fail, toProblem } from '@tutti/base';
import type { Registry } from '@tutti/common';
import { joinUserInfo, type SplitUrl } from './source-credentials.ts';

const maxSdpBytes = 64 * 1024;

/** Lower case, without colon; undefined if the text is no URL. */
export function schemeOf(url: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
}

/**
 * The description behind a URL, fetched by the extension that knows its scheme. What is said when it fails has no password.
 *
 * @throws TuttiError `invalid`, `unsupported`, `unavailable`.
 */
export async function describeUrl(sources: Registry<SessionSource>, split: SplitUrl): Promise<string> {
  const { url } = split;
  const scheme = schemeOf(url);
  if (scheme === undefined) throw fail('invalid', `"${url.slice(0, 80)}" is no URL`, { field: 'url' });
  const source = sources.get(scheme);
  if (source === undefined) {
    const known = sources.entries().map(([each]) => `${each}://`);
    throw fail('unsupported', `no extension that is enabled fetches ${scheme}:// sessions`, {
      field: 'url',
      fix: known.length > 0 ? `these can be fetched: ${known.join(', ')}` : 'see "tutti extension list"',
    });
  }
  const sdp: unknown = await source.describe(joinUserInfo(split)).catch((error: unknown) => {
    throw fail('unavailable', `the session cannot be fetched: ${toProblem(error).message}`, { field: 'url' });
  });
  if (typeof sdp === 'string' && sdp.length <= maxSdpBytes) return sdp;
  throw fail('invalid', `${url.slice(0, 80)} gives no description`, { field: 'url' });
}
