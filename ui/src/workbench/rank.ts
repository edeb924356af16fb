/**
 * Items that a typed text finds, best first: every word must be in an item's text; the start of the text is better than the
 * start of a word, which is better than anywhere. Equals keep their order; an empty text finds all.
 */
export function rank<T>(items: readonly T[], text: string, textOf: (item: T) => string): readonly T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items
    .map((item, index) => ({ item, index, score: score(textOf(item).toLowerCase(), words) }))
    .filter(({ score: found }) => found > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ item }) => item);
}

function score(text: string, words: readonly string[]): number {
  let sum = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    sum += at === 0 ? 4 : /\w/.test(text[at - 1] ?? '') ? 1 : 2;
  }
  return sum;
}
