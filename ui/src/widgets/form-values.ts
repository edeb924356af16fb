/** What was entered in a field, without surrounding space; undefined if nothing was. */
export function entered(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

/** A number as people write it, with a point or a comma before its fraction; NaN if it is none. */
export function readNumber(text: string): number {
  const typed = text.trim().replace(',', '.');
  const number = typed === '' ? NaN : Number(typed);
  // JSON has no infinity.
  return Number.isFinite(number) ? number : NaN;
}

/** What was entered in a field for a number; undefined if nothing was, NaN (which the host refuses by the field's name) if it is none. */
export function enteredNumber(form: FormData, name: string): number | undefined {
  const text = entered(form, name);
  return text === undefined ? undefined : readNumber(text);
}

/** Without the keys whose value is undefined: what a person left empty is not sent. */
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
