/** How many colours of streams a theme has (`--stream-0` and on in stream-colours.css). */
export const streamColours = 8;

/**
 * A colour for each of the streams in a row. A stream keeps its colour while others come and go, unless its neighbour on the
 * left has the same: neighbours always differ.
 */
export function assignColours(ids: readonly string[]): readonly number[] {
  const colours: number[] = [];
  for (const id of ids) {
    const own = hash(id) % streamColours;
    colours.push(own === colours.at(-1) ? (own + 3) % streamColours : own);
  }
  return colours;
}

/** FNV-1a, 32 bit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
