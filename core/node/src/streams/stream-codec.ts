import { err, fail, ok, type Problem, type Result } from '@tutti/base';
import type { NativeLibrary } from '../registries/registries.ts';
import { hasCodec, type PlanEnvironment } from './plan-environment.ts';
import { unknownCodec } from './stream-problems.ts';

interface Stream {
  readonly encoding: string;
  readonly rate: number;
  /** What a person chose for this stream. */
  readonly codec?: string;
}

/**
 * Which codec reads a stream: the one that a person chose for it, else for its encoding, else one that reads such streams by
 * itself (DoP inside fast L24), else its encoding's own.
 */
export function codecOf(
  { encoding, rate, codec }: Stream,
  environment: PlanEnvironment,
  field: string,
): Result<string, Problem> {
  const usual = environment.codecs[encoding.toUpperCase()];
  const chosen = codec ?? (usual !== undefined && hasCodec(environment, usual) ? usual : undefined);
  const wanted = chosen ?? automaticCodec(environment, encoding, rate) ?? encoding;
  const unknown = unknownCodec(environment, wanted, field);
  if (unknown !== undefined) return err(unknown.problem);
  if (readsStreamsOf(environment, wanted, encoding)) return ok(wanted);
  const others = codecsInside(environment, encoding).map(({ id }) => id);
  const message = `the codec ${wanted} does not read streams of ${encoding}`;
  return err(fail('invalid', message, { field, fix: `one of ${[encoding, ...others].join(', ')}` }).problem);
}

function automaticCodec(environment: PlanEnvironment, encoding: string, rate: number): string | undefined {
  return codecsInside(environment, encoding).find(({ automaticFrom = Infinity }) => rate >= automaticFrom)
    ?.id;
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
