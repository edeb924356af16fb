import { sdpLimits } from './limits.ts';
import type { SdpLine } from './lines.ts';
import type { Place, ProblemList } from './problems.ts';

/** `a=name:value`, the name in lower case; the place is that of the value, or of the line's value if there is none. */
export interface SdpAttribute extends Place {
  readonly name: string;
  readonly value: string;
}

/** The lines of the session part, or of one media part. */
export class SdpSection {
  readonly #lines: SdpLine[] = [];
  readonly #attributes = new Map<string, SdpAttribute[]>();

  add(line: SdpLine): void {
    if (line.type !== 'a') {
      this.#lines.push(line);
      return;
    }
    const attribute = readAttribute(line);
    const same = this.#attributes.get(attribute.name);
    if (same) same.push(attribute);
    else this.#attributes.set(attribute.name, [attribute]);
  }

  first(type: string): SdpLine | undefined {
    return this.#lines.find((line) => line.type === type);
  }

  attributes(name: string): readonly SdpAttribute[] {
    return this.#attributes.get(name) ?? [];
  }

  attribute(name: string): SdpAttribute | undefined {
    return this.#attributes.get(name)?.[0];
  }
}

/** One media part with its m= line. */
export interface MediaSection extends SdpSection {
  readonly head: SdpLine;
}

export interface SdpSections {
  readonly session: SdpSection;
  readonly media: readonly MediaSection[];
}

/** Where lines belong and in which order they come (RFC 8866 section 5). */
const sessionOrder = 'vosiuepcbtrzka';
const mediaOrder = 'micbka';
/** Lines that concern the session wherever they stand. */
const sessionOnly = 'vosueptrz';

/** Sorts lines into the session part and media parts. Wrong order is remarked once and taken. */
export function groupLines(lines: readonly SdpLine[], problems: ProblemList): SdpSections {
  const session = new SdpSection();
  const media: (SdpSection & { head: SdpLine })[] = [];
  let position = 0;
  let remarked = false;
  for (const line of lines) {
    if (!sessionOrder.includes(line.type) && line.type !== 'm') {
      problems.warning(
        'unknown-line',
        { ...line, column: 1 },
        `${line.type}= is not part of SDP; it is left out.`,
      );
      continue;
    }
    if (line.type === 'm') {
      if (media.length === sdpLimits.media) {
        problems.warning(
          'too-many-media',
          line,
          `There are more than ${sdpLimits.media} media; the rest is left out.`,
        );
        break;
      }
      media.push(Object.assign(new SdpSection(), { head: line }));
      position = 0;
      continue;
    }
    const current = media.at(-1);
    const order = current ? mediaOrder : sessionOrder;
    // r= belongs to the t= before it, and t= may come again.
    const rank = order.indexOf(line.type === 'r' ? 't' : line.type);
    if ((rank < position || rank < 0) && !remarked) {
      remarked = true;
      problems.warning('line-order', { ...line, column: 1 }, `${line.type}= stands in an unusual place.`);
    }
    position = Math.max(position, rank);
    (current && !sessionOnly.includes(line.type) ? current : session).add(line);
  }
  return { session, media };
}

function readAttribute(line: SdpLine): SdpAttribute {
  const colon = line.value.indexOf(':');
  if (colon < 0) {
    return { name: line.value.trim().toLowerCase(), value: '', line: line.line, column: line.column };
  }
  return {
    name: line.value.slice(0, colon).trim().toLowerCase(),
    value: line.value.slice(colon + 1),
    line: line.line,
    column: line.column + colon + 1,
  };
}
