import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';

/** A settings file as it was read. */
export interface SettingsText {
  /** What could be read of it; nothing else must be taken from a text with something `wrong`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** `line 3, column 7: …`, of the first thing that is wrong. */
  readonly wrong?: string;
}

/** Reads JSON with comments and trailing commas whose whole is an object. */
export function readSettings(text: string): SettingsText {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const values = isObject ? (value as Record<string, unknown>) : {};
  const [first] = errors;
  if (first !== undefined) {
    const before = text.slice(0, first.offset).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
    return { values, wrong: `${place}: ${printParseErrorCode(first.error)}` };
  }
  return { values, ...(!isObject && { wrong: 'the settings are an object: { "key": value }' }) };
}
