/** Writes numbers and texts in network order, one after the other. Texts are collected and pointed to. */
export class WireWriter {
  readonly #bytes: number[] = [];

  get length(): number {
    return this.#bytes.length;
  }

  u8(value: number): this {
    this.#bytes.push(value & 0xff);
    return this;
  }

  u16(value: number): this {
    return this.u8(value >> 8).u8(value);
  }

  u32(value: number): this {
    return this.u16(value >>> 16).u16(value);
  }

  bytes(values: Iterable<number>): this {
    for (const value of values) this.u8(value);
    return this;
  }

  /** UTF-8 and a NUL. */
  text(value: string): this {
    return this.bytes(Buffer.from(value, 'utf8')).u8(0);
  }

  toBytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
