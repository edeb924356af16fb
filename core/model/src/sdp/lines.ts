import { sdpLimits } from './limits.ts';
import type { Place, ProblemList } from './problems.ts';

/** One `x=value` line; the place is that of the value's first character. */
export interface SdpLine extends Place {
  readonly type: string;
  /** Without blanks at its end. */
  readonly value: string;
}

/** A word of a line, with its place. */
export interface Word extends Place {
  readonly text: string;
}

/**
 * Splits a text into its lines. CRLF is the rule (RFC 8866 section 5); LF, a mix, a missing last line end, blank lines and
 * blanks at line ends are common and taken. Undefined when the text exceeds the limits.
 */
export function splitLines(text: string, problems: ProblemList): readonly SdpLine[] | undefined {
  const start = { line: 1, column: 1 };
  if (text.length > sdpLimits.text) {
    problems.error('too-long', start, `The description is longer than ${sdpLimits.text} characters.`);
    return undefined;
  }
  const rawLines = text.split(/\r\n|\n|\r/, sdpLimits.lines + 1);
  if (rawLines.length > sdpLimits.lines) {
    problems.error('too-many-lines', start, `The description has more than ${sdpLimits.lines} lines.`);
    return undefined;
  }
  const reader = new LineReader(problems);
  return rawLines.flatMap((raw, i) => reader.read(raw, i + 1));
}

/** Reads lines and remarks on blanks only the first time: devices that write them write them everywhere. */
class LineReader {
  readonly #problems: ProblemList;
  #sawTrailing = false;
  #sawLeading = false;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  read(raw: string, line: number): SdpLine[] {
    // A NUL comes from senders that copy a C string's end into the packet. (No regular expression: one that looks for
    // blanks at the end takes quadratic time on a line of blanks.)
    const text = (raw.endsWith('\0') ? raw.replaceAll('\0', ' ') : raw).trimEnd();
    if (text === '') return [];
    if (text.length > sdpLimits.line) {
      this.#problems.warning(
        'line-too-long',
        { line, column: 1 },
        `This line is longer than ${sdpLimits.line} characters and is left out.`,
      );
      return [];
    }
    if (text.length < raw.length && !this.#sawTrailing) {
      this.#sawTrailing = true;
      this.#problems.info(
        'trailing-blanks',
        { line, column: text.length + 1 },
        'Blanks at line ends are ignored.',
      );
    }
    // Some small tools forget the line end between the first two lines.
    if (line === 1 && text.startsWith('v=0o=')) {
      this.#problems.warning('missing-line-end', { line, column: 4 }, 'A line end is missing before o=.');
      return [
        { type: 'v', value: '0', line, column: 3 },
        { type: 'o', value: text.slice(5), line, column: 6 },
      ];
    }
    return this.#split(text, line);
  }

  #split(text: string, line: number): SdpLine[] {
    const match = /^([\s\uFEFF]*)([a-z])=/.exec(text);
    if (!match) {
      this.#problems.warning(
        'not-a-line',
        { line, column: 1 },
        'This is not an x=value line; it is left out.',
      );
      return [];
    }
    const [head, indent = '', type = ''] = match;
    if (indent !== '' && !this.#sawLeading) {
      this.#sawLeading = true;
      this.#problems.warning('leading-blanks', { line, column: 1 }, 'Lines must not begin with blanks.');
    }
    return [{ type, value: text.slice(head.length), line, column: head.length + 1 }];
  }
}

/** The words of a value that blanks separate. */
export function words(value: string, place: Place): Word[] {
  return Array.from(value.matchAll(/\S+/g), (match) => ({
    text: match[0],
    line: place.line,
    column: place.column + match.index,
  }));
}

/** A whole number within bounds; undefined for anything else. */
export function readInteger(
  text: string | undefined,
  bounds: { readonly min: number; readonly max: number },
): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= bounds.min && value <= bounds.max ? value : undefined;
}

/** Text from outside for people's eyes: without control characters, without blanks at its ends. */
export function plainText(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

/** Text from outside inside a message: short, on one line. */
export function quote(text: string): string {
  const plain = plainText(text);
  return `"${plain.length > 40 ? `${plain.slice(0, 40)}...` : plain}"`;
}
