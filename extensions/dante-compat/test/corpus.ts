import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = join(
  process.env['TUTTI_CORPUS'] ?? resolve(import.meta.dirname, '../../../../shared/corpus'),
  'dante',
);

export interface CorpusFile {
  /** As in `wire/protocol_2729_opcode_3000_id_26076.bin`. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Messages of real devices; they are not part of the repository. */
export const corpusFiles: readonly CorpusFile[] = ['arc', 'wire'].flatMap((part) => {
  const inside = join(folder, part);
  if (!existsSync(inside)) return [];
  return readdirSync(inside)
    .sort()
    .map((name) => ({ name: `${part}/${name}`, bytes: readFileSync(join(inside, name)) }));
});

if (corpusFiles.length === 0) {
  console.log(`corpus: ${folder} is not there; messages of real Dante devices were not read`);
}

/** One message, by the end of its name without `.bin`. */
export function corpusFile(name: string): Buffer {
  const found = corpusFiles.find((each) => each.name.endsWith(`${name}.bin`));
  if (!found) throw new Error(`the corpus has no ${name}`);
  return found.bytes;
}
