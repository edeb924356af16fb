import type { Result } from '@tutti/base';

/** What is wrong with a datagram, and where. Codes are stable; the offset counts from 0 and never leads outside. */
export interface WireProblem {
  readonly code:
    'short' | 'length' | 'protocol' | 'pointer' | 'unterminated' | 'too-long' | 'refused' | 'opcode';
  readonly offset: number;
  readonly message: string;
}

/** Names are at most 31 characters of UTF-8 on the devices known; nothing they write is longer than this, in bytes. */
const maxText = 255;
const utf8 = new TextDecoder('utf-8');

/**
 * Reads numbers and texts at offsets of one datagram, in network order. Outside data: nothing throws. The first thing that
 * is wrong is kept, what is read after it is zero or empty, and {@link result} gives the value or the problem.
 */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #problem: WireProblem | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes.length;
  }

  get failed(): boolean {
    return this.#problem !== undefined;
  }

  u8(at: number): number {
    return this.#holds(at, 1) ? this.#view.getUint8(at) : 0;
  }

  u16(at: number): number {
    return this.#holds(at, 2) ? this.#view.getUint16(at) : 0;
  }

  u32(at: number): number {
    return this.#holds(at, 4) ? this.#view.getUint32(at) : 0;
  }

  i32(at: number): number {
    return this.#holds(at, 4) ? this.#view.getInt32(at) : 0;
  }

  /** Eight bytes as 16 hexadecimal digits, lower case, as in the TXT key `id`. */
  id(at: number): string {
    return this.#holds(at, 8) ? Buffer.from(this.#bytes.subarray(at, at + 8)).toString('hex') : '';
  }

  /** Four bytes as a dotted quad. */
  ipv4(at: number): string {
    return this.#holds(at, 4) ? this.#bytes.subarray(at, at + 4).join('.') : '';
  }

  /** Follows the pointer (u16, from the datagram's start, 0 is none) that stands at `at` to a text. */
  textAt(at: number): string | undefined {
    const pointer = this.u16(at);
    return pointer === 0 ? undefined : this.text(pointer, at);
  }

  /**
   * A text that ends with NUL inside the datagram. Control characters, which no device writes and a terminal would obey,
   * become U+FFFD.
   * @param pointedFrom where the pointer stands, for the problem
   */
  text(at: number, pointedFrom = at): string {
    if (at >= this.#bytes.length) {
      this.fail(
        'pointer',
        pointedFrom,
        `A pointer leads to ${at}, behind the end of ${this.#bytes.length} bytes.`,
      );
      return '';
    }
    const end = this.#bytes.indexOf(0, at);
    if (end < 0) this.fail('unterminated', at, 'A text has no end inside the message.');
    else if (end - at > maxText) this.fail('too-long', at, `A text is longer than ${maxText} bytes.`);
    return this.failed ? '' : clean(utf8.decode(this.#bytes.subarray(at, end)));
  }

  /** A text in a field of fixed length, padded with NUL. */
  field(at: number, length: number): string {
    if (!this.#holds(at, length)) return '';
    const bytes = this.#bytes.subarray(at, at + length);
    const end = bytes.indexOf(0);
    return clean(utf8.decode(end < 0 ? bytes : bytes.subarray(0, end)));
  }

  /** Bits of a mask, counted from 1: 16-bit words, the first word has channels 1 to 16, its lowest bit channel 1. */
  channelMask(at: number, length: number): readonly number[] {
    if (!this.#holds(at, length)) return [];
    const channels: number[] = [];
    for (let bit = 0; bit < length * 8; bit++) {
      const word = this.#view.getUint16(at + 2 * (bit >> 4));
      if (word & (1 << (bit & 15))) channels.push(bit + 1);
    }
    return channels;
  }

  fail(code: WireProblem['code'], offset: number, message: string): void {
    this.#problem ??= { code, offset: Math.min(offset, this.#bytes.length), message };
  }

  /** The value, if everything it was made of could be read. */
  result<T>(value: T): Result<T, WireProblem> {
    return this.#problem ? { ok: false, error: this.#problem } : { ok: true, value };
  }

  #holds(at: number, length: number): boolean {
    if (this.failed) return false;
    if (at + length <= this.#bytes.length) return true;
    this.fail('short', at, `The message ends at ${this.#bytes.length}, inside a field.`);
    return false;
  }
}

function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
}
