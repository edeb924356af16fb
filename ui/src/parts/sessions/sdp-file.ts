import { sdpLimits } from '@tutti/model';

/** Whether a text that came by itself, pasted or dropped, is meant as an SDP. */
export const looksLikeSdp = (text: string): boolean => /^\s*v=0/.test(text) && text.length <= sdpLimits.text;

/** What a file says that should hold an SDP; of one that is too long to be any, as much as the reader needs to say so. */
export function sdpOfFile(file: File): Promise<string> {
  // UTF-8 has up to four bytes a character.
  return file.slice(0, 4 * sdpLimits.text + 4).text();
}
