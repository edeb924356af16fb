import { Ajv } from 'ajv';

const ajv = new Ajv({ allErrors: false, strict: false });

/** Compiles a JSON Schema. The check returns undefined, or one sentence about the first thing that is wrong. */
export function checkWith(schema: object): (value: unknown) => string | undefined {
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return undefined;
    const first = validate.errors?.[0];
    return `${first?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${first?.message ?? 'is not valid'}`;
  };
}
