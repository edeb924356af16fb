/** What was entered in a field, without surrounding space; undefined if nothing was. */
export function entered(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

/** The same for a number field. */
export function enteredNumber(form: FormData, name: string): number | undefined {
  const text = entered(form, name);
  return text === undefined ? undefined : Number(text);
}

/** Without the keys whose value is undefined: what a person left empty is not sent. */
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
