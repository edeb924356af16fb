/** `DSD64` for 2,822,400 bits a second of one channel: by how many times that of a compact disc (or of 48 kHz) is multiplied. */
export function dsdName(bitRate: number): string {
  return `DSD${bitRate / (bitRate % 44100 === 0 ? 44100 : 48000)}`;
}
