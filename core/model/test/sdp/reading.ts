import { readSdp, type SessionDescription, type SessionStream } from '@tutti/model';
import { expect } from 'vitest';

/** Reads a text that must be usable. */
export function read(text: string): SessionDescription {
  const { session, problems } = readSdp(text);
  expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  if (!session) throw new Error('no session');
  return session;
}

/** Its first stream. */
export function readStream(text: string): SessionStream {
  const [stream] = read(text).streams;
  if (!stream) throw new Error('no stream');
  return stream;
}

/** Codes of the problems of a text. */
export const codes = (text: string): string[] => readSdp(text).problems.map((problem) => problem.code);
