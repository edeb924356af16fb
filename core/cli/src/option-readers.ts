import { InvalidArgumentError } from 'commander';

/** A number, decimals allowed. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** A whole number, 0 or more. */
export function whole(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

/** A text of a file, or of standard input for `-`. */
export async function readText(file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  if (file !== '-') return await readFile(file, 'utf8');
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
