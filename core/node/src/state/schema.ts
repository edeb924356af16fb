import { Ajv } from 'ajv';

/** What schemas are compiled with. Making the code of a check smaller takes longer than all checks of a start together. */
export const schemaOptions = { strict: false, code: { optimize: false } } as const;

/** Whether ours are schemas is not asked at every start: that takes a schema of schemas. */
const ours = new Ajv({ ...schemaOptions, validateSchema: false });
const others = new Ajv(schemaOptions);

/** Undefined, or one sentence about the first thing that is wrong. */
export type Check = (value: unknown) => string | undefined;

/** The check of a JSON Schema of ours: compiled when it is used for the first time, so that a start is quick. */
export function checkWith(schema: object): Check {
  let check: Check | undefined;
  return (value) => (check ??= compile(ours, schema))(value);
}

/** The check of a JSON Schema of somebody else. @throws Error if it is no schema. */
export function compileCheck(schema: object): Check {
  return compile(others, schema);
}

function compile(ajv: Ajv, schema: object): Check {
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return undefined;
    const first = validate.errors?.[0];
    return `${first?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${first?.message ?? 'is not valid'}`;
  };
}
