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
const deflection: readonly { readonly db: number; readonly part: number }[] = [
  { db: floorDb, part: 0 },
  { db: -60, part: 0.025 },
  { db: -50, part: 0.075 },
  { db: -40, part: 0.15 },
  { db: -30, part: 0.3 },
  { db: -20, part: 0.5 },
  { db: 0, part: 1 },
];

/** Height of a level, 0 to 1. */
export function heightOf(db: number): number {
  let below = deflection[0];
  if (!below || !(db > below.db)) return 0;
  for (const point of deflection) {
    if (db <= point.db)
      return below.part + ((db - below.db) / (point.db - below.db)) * (point.part - below.part);
    below = point;
  }
  return 1;
}

/** Linear peak, 1.0 full scale, to dBFS; anything that is no level is silence. */
export const toDb = (peak: number): number => (peak > 0 ? 20 * Math.log10(peak) : -Infinity);
