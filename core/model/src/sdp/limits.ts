/**
 * Bounds on descriptions from outside. They lie far above what devices send; what exceeds them is a mistake or an attack.
 */
export const sdpLimits = {
  /** Characters of the whole text. */
  text: 16 * 1024,
  lines: 512,
  /** Characters of one line. */
  line: 1024,
  media: 16,
  channels: { min: 1, max: 128 },
  rate: { min: 8000, max: 1_536_000 },
  payloadType: { min: 0, max: 127 },
  port: { min: 1, max: 65_535 },
  framesPerPacket: { min: 1, max: 1440 },
  ttl: { min: 0, max: 255 },
  domain: { min: 0, max: 127 },
  /** Sources of one source-filter, reference clocks of one stream. */
  list: 16,
  /** Problems that are kept; more add nothing for a person. */
  problems: 64,
} as const;
