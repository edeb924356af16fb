/**
 * Texts of the page in the language of its reader. Every text that a person reads or hears goes through {@link localize},
 * so that a language is a file of messages and nothing else. What comes from the network or the host (names, addresses, problems)
 * is data and is shown as it is.
 */

/** Message of each key; `{0}` stands for the first value. A key that is missing is shown in English. */
export type Messages = Readonly<Record<string, string>>;

/** A made-up language: every text that is not localised stands out, and texts are longer, as in many real languages. */
export const pseudoLocale = 'pseudo';
export const localeKey = 'tutti.locale';

const accents: Readonly<Record<string, string>> = {
  ...{ a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú' },
  ...{ c: 'ç', n: 'ñ', s: 'š', y: 'ý', r: 'ř', t: 'ť', d: 'ď', l: 'ľ', z: 'ž', g: 'ğ', h: 'ħ' },
};

let messages: Messages = {};
let isPseudo = storedLocale() === pseudoLocale;

/** Puts messages in force; before the first text is asked for. */
export function setMessages(next: Messages, pseudo = false): void {
  messages = next;
  isPseudo = pseudo;
}

/**
 * The text of `key` in the reader's language.
 *
 * @param key Unique and stable, `part.what`.
 * @param text The English text; `{0}`, `{1}` stand for the values.
 */
export function localize(key: string, text: string, ...values: readonly (string | number)[]): string {
  const message = messages[key] ?? text;
  const shown = isPseudo ? pseudo(message) : message;
  return shown.replace(/\{(\d)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}

/** {@link localize} for a count, which is `{0}`: one text for one, another for any other number. */
export function localizeCount(
  key: string,
  count: number,
  one: string,
  other: string,
  ...more: readonly (string | number)[]
): string {
  return count === 1 ? localize(`${key}.one`, one, count, ...more) : localize(key, other, count, ...more);
}

function pseudo(text: string): string {
  const accented = text.replace(/\{\d\}|[a-zA-Z]/g, (part) => accents[part] ?? part);
  return `⟦${accented}⟧`;
}

/** What was chosen with `localStorage['tutti.locale']`; outside a browser there is no choice. */
function storedLocale(): string | null {
  try {
    return globalThis.localStorage?.getItem(localeKey) ?? null;
  } catch {
    return null;
  }
}
