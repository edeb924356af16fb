import { err, fail, ok, type Problem, type Result } from '@tutti/base';
import type { NativeLibrary } from '../registries/registries.ts';
import type { PlanEnvironment } from './plan-environment.ts';
import { unknownCodec } from './stream-problems.ts';

interface Stream {
  readonly encoding: string;
  readonly rate: number;
  /** What a person chose for this stream. */
  readonly codec?: string;
}

/**
 * Which codec reads a stream: the one that a person chose for it; else of those that read such streams by themselves (DoP
 * inside fast L24) the one that a person chose for the encoding, or the first; else the encoding's own.
 */
export function codecOf(
  { encoding, rate, codec }: Stream,
  environment: PlanEnvironment,
  field: string,
): Result<string, Problem> {
  const wanted = codec ?? automaticCodec(environment, encoding, rate);
  const unknown = unknownCodec(environment, wanted, field);
  if (unknown !== undefined) return err(unknown.problem);
  if (readsStreamsOf(environment, wanted, encoding)) return ok(wanted);
  const others = codecsInside(environment, encoding).map(({ id }) => id);
  const message = `the codec ${wanted} does not read streams of ${encoding}`;
  return err(fail('invalid', message, { field, fix: `one of ${[encoding, ...others].join(', ')}` }).problem);
}

function automaticCodec(environment: PlanEnvironment, encoding: string, rate: number): string {
  const usual = environment.codecs[encoding.toUpperCase()];
  if (usual?.toUpperCase() === encoding.toUpperCase()) return encoding;
  const fitting = codecsInside(environment, encoding)
    .filter(({ automaticFrom = Infinity }) => rate >= automaticFrom)
    .map(({ id }) => id);
  return fitting.find((id) => id === usual) ?? fitting[0] ?? encoding;
}

function codecsInside(environment: PlanEnvironment, encoding: string): readonly NativeLibrary[] {
  return environment.libraries.filter(
    ({ kind, inside }) => kind === 'codec' && inside?.toUpperCase() === encoding.toUpperCase(),
  );
}

function readsStreamsOf(environment: PlanEnvironment, codec: string, encoding: string): boolean {
  const isSame = codec.toUpperCase() === encoding.toUpperCase();
  return isSame || codecsInside(environment, encoding).some(({ id }) => id === codec);
}
