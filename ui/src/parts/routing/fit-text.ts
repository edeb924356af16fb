/** Names from the network may be as long as anybody likes: no more of one than this is ever measured. */
const mostCharacters = 120;

/** A text cut to a width with an ellipsis; empty if not even that fits. */
export function fitText(text: string, width: number, measure: (text: string) => number): string {
  const whole = text.slice(0, mostCharacters);
  if (whole.length === text.length && measure(text) <= width) return text;
  let [low, high] = [0, whole.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(cut(whole, middle)) <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : cut(whole, low);
}

const cut = (text: string, length: number): string => `${text.slice(0, length).trimEnd()}…`;

/** A text in lines of a width, at words where they fit, cut after the last line. */
export function fitLines(
  text: string,
  width: number,
  most: number,
  measure: (text: string) => number,
): string[] {
  const words = text.slice(0, mostCharacters).split(/\s+/);
  const lines: string[] = [];
  while (words.length > 0 && lines.length < most) {
    let line = words.shift() ?? '';
    while (words[0] !== undefined && measure(`${line} ${words[0]}`) <= width)
      line = `${line} ${words.shift()}`;
    const isLast = lines.length === most - 1 && words.length > 0;
    lines.push(fitText(isLast ? `${line} ${words.join(' ')}` : line, width, measure));
  }
  return lines.filter((line) => line !== '');
}
