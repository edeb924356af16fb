/** Small fast random numbers (xorshift32): the same seed gives the same run on every machine. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const tokens = [
  'v=0',
  'o=- 1 1 IN IP4 1.2.3.4',
  'm=audio 5004 RTP/AVP 96',
  'c=IN IP4 239.1.1.1/32',
  'a=rtpmap:96 L24/48000/2',
  'a=rtpmap:',
  'a=ptime:',
  'a=framecount:',
  'a=group:DUP ',
  'a=mid:',
  'a=ts-refclk:ptp=',
  'a=ts-refclk:',
  'a=mediaclk:',
  'a=source-filter:incl IN IP4 * ',
  'i=8 channels: ',
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  ':',
  '=',
  '/',
  '-',
  ',',
  '\t',
  '\uFEFF',
  '4294967296',
  '99999999999999999999',
  '-1',
  '0',
  '1e309',
  'NaN',
  '{{',
  '}}',
  'ü',
  '\u{1F3B5}',
  '\uD800',
  '\u2028',
  'IP6',
];

/** Makes a damaged description: one or two of the given ones, cut, joined, and changed in a few places. */
export function mutate(texts: readonly string[], random: (below: number) => number): string {
  let text = texts[random(texts.length)] ?? '';
  if (random(8) === 0) {
    const other = texts[random(texts.length)] ?? '';
    text = text.slice(0, random(text.length + 1)) + other.slice(random(other.length + 1));
  }
  for (let changes = 1 + random(5); changes > 0; changes--) {
    const at = random(text.length + 1);
    const until = Math.min(text.length, at + random(random(4) === 0 ? 200 : 6));
    text = text.slice(0, at) + replacement(text, until, random) + text.slice(until);
  }
  return text;
}

function replacement(text: string, until: number, random: (below: number) => number): string {
  switch (random(6)) {
    case 0:
      return '';
    case 1:
      return String.fromCharCode(random(random(4) === 0 ? 0x10000 : 128));
    case 2:
      return text.slice(until, until + random(80));
    case 3:
      return String(random(0xffff_ffff));
    case 4:
      return (tokens[random(tokens.length)] ?? '').repeat(1 + (random(50) === 0 ? random(600) : 0));
    default:
      return tokens[random(tokens.length)] ?? '';
  }
}
