/** Texts of an extension by language, as `package.nls.json` (language '') and `package.nls.de.json` hold them. */
export type Texts = ReadonlyMap<string, Readonly<Record<string, string>>>;

const placeholder = /^%([\w.-]+)%$/;

/** The key of a text that is one in another file: `%key%`, and nothing beside it. */
export function textKey(text: string): string | undefined {
  return placeholder.exec(text)?.[1];
}

/** The value with every text of the form `%key%` replaced, anywhere in it. One that nobody translated stays as it is. */
export function localised<T>(value: T, texts: Texts, languages: readonly string[]): T {
  if (texts.size === 0) return value;
  const tables = [...languages.flatMap(withFallback), ''].map((each) => texts.get(each) ?? {});
  const visit = (item: unknown): unknown => {
    if (typeof item === 'string') {
      const key = textKey(item);
      return key === undefined ? item : (tables.find((table) => Object.hasOwn(table, key))?.[key] ?? item);
    }
    if (Array.isArray(item)) return item.map(visit);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([name, inner]) => [name, visit(inner)]));
  };
  return visit(value) as T;
}

/** `de-AT` is also read by who reads `de`. */
function withFallback(language: string): readonly string[] {
  const lower = language.toLowerCase();
  const base = lower.split('-')[0] ?? lower;
  return base === lower ? [lower] : [lower, base];
}

/** Languages of an `Accept-Language` header (RFC 9110 section 12.5.4), best first. */
export function readAcceptLanguage(header: string | undefined): readonly string[] {
  return (header ?? '')
    .slice(0, 512)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((each) => each.trim());
      const quality = parameters.find((each) => each.startsWith('q='))?.slice(2) ?? '1';
      return { tag, quality: Number(quality) };
    })
    .filter(({ tag, quality }) => /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(tag) && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}
