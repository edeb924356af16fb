import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A description in a file. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Descriptions of our own, shaped after what devices of many makers send. */
export const fixtures: readonly NamedText[] = readFolder(join(import.meta.dirname, 'fixtures/sdp'));

export function fixture(name: string): string {
  const found = fixtures.find((candidate) => candidate.name === `${name}.sdp`);
  if (!found) throw new Error(`there is no fixture ${name}`);
  return found.text;
}

/** Descriptions that real devices sent; they are not part of the repository. Says so when they are not there. */
export function corpusTexts(): readonly NamedText[] {
  const folder = join(
    process.env['TUTTI_CORPUS'] ?? resolve(import.meta.dirname, '../../../../shared/corpus'),
    'sdp',
  );
  if (existsSync(folder)) return readFolder(folder);
  console.log(`corpus: ${folder} is not there; descriptions of real devices were not checked`);
  return [];
}

/** A small valid description, with lines replaced, dropped (undefined) or added at the end. */
export function descriptionWith(
  changes: Readonly<Record<string, string | undefined>> = {},
  more: readonly string[] = [],
) {
  const lines: Record<string, string | undefined> = {
    v: 'v=0',
    o: 'o=- 1 1 IN IP4 10.0.0.1',
    s: 's=Test',
    c: 'c=IN IP4 239.1.2.3/32',
    t: 't=0 0',
    m: 'm=audio 5004 RTP/AVP 96',
    rtpmap: 'a=rtpmap:96 L24/48000/8',
    ptime: 'a=ptime:1',
    refclk: 'a=ts-refclk:ptp=IEEE1588-2008:02-00-00-FF-FE-00-00-01:0',
    mediaclk: 'a=mediaclk:direct=0',
    ...changes,
  };
  const kept = Object.values(lines).filter((line) => line !== undefined);
  return `${[...kept, ...more].join('\r\n')}\r\n`;
}

function readFolder(folder: string): NamedText[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sdp'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}
