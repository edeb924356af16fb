import { err, ok, type Result } from '@tutti/base';

/** Longest label and longest name on the wire, in bytes (RFC 1035 section 2.3.4). */
export const maxLabelBytes = 63;
export const maxNameBytes = 255;

/**
 * Names travel through our code as text in which dots, backslashes and control characters inside a label are escaped
 * (RFC 1035 section 5.1), since instance names contain dots. Comparison ignores the case of ASCII letters only.
 */
export function nameOf(labels: readonly string[]): string {
  return labels.map(escapeLabel).join('.');
}

export function escapeLabel(label: string): string {
  return label.replace(/[.\\]|[\u0000-\u001f\u007f]/g, (character) =>
    character === '.' || character === '\\'
      ? `\\${character}`
      : `\\${String(character.charCodeAt(0)).padStart(3, '0')}`,
  );
}

/** Labels of a name in text form; refuses what could not be sent. */
export function labelsOf(name: string): Result<readonly string[], string> {
  const labels: string[] = [];
  let label = '';
  const text = name.endsWith('.') && !name.endsWith('\\.') ? name.slice(0, -1) : name;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (character === '.') {
      labels.push(label);
      label = '';
    } else if (character !== '\\') {
      label += character;
    } else {
      const digits = /^\d{3}/.exec(text.slice(i + 1, i + 4))?.[0];
      if (digits !== undefined && Number(digits) > 255) return err(`\\${digits} is no byte`);
      label += digits === undefined ? text.charAt(i + 1) : String.fromCharCode(Number(digits));
      i += digits === undefined ? 1 : 3;
    }
  }
  labels.push(label);
  const sizes = labels.map((each) => Buffer.byteLength(each));
  if (sizes.some((size) => size === 0 || size > maxLabelBytes))
    return err(`a part of a name has 1 to ${maxLabelBytes} bytes`);
  if (sizes.reduce((sum, size) => sum + size + 1, 1) > maxNameBytes)
    return err(`a name has at most ${maxNameBytes} bytes`);
  return ok(labels);
}

/** Equal for names that DNS takes for equal (RFC 6762 section 16). */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** `Main mix` -> `Main mix (2)` -> `Main mix (3)`, within the length of a label (RFC 6762 section 9). */
export function nextInstanceName(name: string): string {
  const match = /^(.*) \((\d{1,6})\)$/su.exec(name);
  const ending = ` (${match === null ? 2 : Number(match[2]) + 1})`;
  return cutToBytes(match?.[1] ?? name, maxLabelBytes - ending.length) + ending;
}

/** `studio` -> `studio-2` -> `studio-3`. */
export function nextHostLabel(label: string): string {
  const match = /^(.*)-(\d{1,6})$/s.exec(label);
  const ending = `-${match === null ? 2 : Number(match[2]) + 1}`;
  return cutToBytes(match?.[1] ?? label, maxLabelBytes - ending.length) + ending;
}

/** The longest beginning that has at most so many bytes of UTF-8. */
export function cutToBytes(text: string, bytes: number): string {
  let size = 0;
  let end = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}
