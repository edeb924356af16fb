/** Bottom of the scale, dBFS: lower levels show as nothing. */
export const floorDb = -70;

/** Full scale of L24: the largest positive sample is one step below 1.0. */
export const fullScale = 1 - 2 ** -23;

/** Where the colour changes, dBFS: alignment level (EBU R 68) and permitted maximum level (ITU-R BS.645, 9 dB above). */
export const alignmentDb = -18;
export const permittedDb = -9;

/** Marks beside the scale, dBFS. */
export const marksDb: readonly number[] = [0, -9, -18, -30, -40, -60];

/** Deflection of a peak programme meter, dBFS to part of its height (IEC 60268-18): half of it for the upper 20 dB. */
const deflection: readonly (readonly [db: number, part: number])[] = [
  [-70, 0],
  [-60, 0.025],
  [-50, 0.075],
  [-40, 0.15],
  [-30, 0.3],
  [-20, 0.5],
  [0, 1],
];

/** Height of a level, 0 to 1. */
export function heightOf(db: number): number {
  if (!(db > floorDb)) return 0;
  for (let i = 1; i < deflection.length; i++) {
    const [fromDb, from] = deflection[i - 1] ?? [0, 0];
    const [toDb, to] = deflection[i] ?? [0, 1];
    if (db <= toDb) return from + ((db - fromDb) / (toDb - fromDb)) * (to - from);
  }
  return 1;
}

/** Linear peak, 1.0 full scale, to dBFS; anything that is no level is silence. */
export const toDb = (peak: number): number => (peak > 0 ? 20 * Math.log10(peak) : -Infinity);
