/** Builds a reply as a device lays it out: fields at the front, what they point to behind them. Network order. */
export class ByteBuilder {
  readonly #bytes: number[] = [];
  readonly #stale: Uint8Array[];

  /**
   * @param stale what devices leave in gaps of a reply, in order: remains of what was in their memory before. Zeros if
   * there is nothing left of it
   */
  constructor(stale: readonly string[] = []) {
    this.#stale = stale.map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
  }

  get length(): number {
    return this.#bytes.length;
  }

  u8(...values: number[]): this {
    for (const value of values) this.#bytes.push(value & 0xff);
    return this;
  }

  u16(...values: number[]): this {
    for (const value of values) this.u8(value >> 8, value);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.u16(value >>> 16, value);
    return this;
  }

  hex(text: string): this {
    return this.u8(...Buffer.from(text.replaceAll(' ', ''), 'hex'));
  }

  /** A text with its NUL; where it stands is the result. */
  text(value: string): number {
    const at = this.length;
    this.u8(...Buffer.from(value, 'utf8'), 0);
    return at;
  }

  /** A text in a field of fixed length. */
  field(value: string, length: number): this {
    const bytes = [...Buffer.from(value, 'utf8')];
    return this.u8(...bytes, ...new Array<number>(length - bytes.length).fill(0));
  }

  /** Goes on at an offset; the gap is filled with what is stale. */
  padTo(offset: number): this {
    if (offset <= this.length) return this;
    const fill = this.#stale.shift() ?? [];
    const gap = offset - this.length;
    return this.u8(...Array.from({ length: gap }, (_, i) => fill[i] ?? 0));
  }

  align(bytes: number): this {
    return this.padTo(Math.ceil(this.length / bytes) * bytes);
  }

  /** Overwrites two bytes: a pointer whose goal is known now. */
  setU16(at: number, value: number): void {
    this.#bytes[at] = value >> 8;
    this.#bytes[at + 1] = value & 0xff;
  }

  toBuffer(): Buffer {
    return Buffer.from(this.#bytes);
  }
}
