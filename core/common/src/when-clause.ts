import { err, ok, type Result } from '@tutti/base';

/**
 * A condition of menus, keybindings and views, as `session.encoding in ['L16', 'L24'] && !(clock.state == 'locked')`.
 *
 *     or      = and { '||' and }
 *     and     = not { '&&' not }
 *     not     = '!' not | '(' or ')' | test
 *     test    = value [ ('==' | '!=' | '<' | '<=' | '>' | '>=') value | 'in' list ]
 *     value   = 'text' | "text" | number | true | false | key
 *     list    = '[' value { ',' value } ']' | key
 *
 * A key is a path into the context, `session.description.name`; one that is not there is undefined, which is not true and
 * equals nothing. No regular expressions: a clause of a stranger must not take long.
 */
export type WhenClause =
  | { readonly kind: 'or' | 'and'; readonly parts: readonly WhenClause[] }
  | { readonly kind: 'not'; readonly part: WhenClause }
  | { readonly kind: 'value'; readonly value: WhenValue }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: WhenValue;
      readonly right: WhenValue;
    }
  | { readonly kind: 'in'; readonly value: WhenValue; readonly list: readonly WhenValue[] | WhenValue };

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type WhenValue = { readonly literal: string | number | boolean } | { readonly key: readonly string[] };

/** What clauses are asked about: plain data, nested. */
export type WhenContext = Readonly<Record<string, unknown>>;

export interface WhenProblem {
  /** Place in the text, from 0. */
  readonly offset: number;
  readonly message: string;
}

const maxLength = 256;
/** Parentheses and negations inside each other. */
const maxDepth = 32;
const tokenPattern =
  /\s*(?:(?<symbol>\|\||&&|==|!=|<=|>=|[!()<>[\],])|(?<text>'[^']*'|"[^"]*")|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<word>[A-Za-z_][\w-]*(?:\.[\w-]+)*))/y;
const comparisons: readonly string[] = ['==', '!=', '<', '<=', '>', '>='] satisfies readonly Comparison[];

/** Reads a clause; a problem says where it is. */
export function parseWhen(text: string): Result<WhenClause, WhenProblem> {
  try {
    return ok(new Parser(text).whole());
  } catch (error) {
    if (error instanceof Misfit) return err({ offset: error.offset, message: error.message });
    throw error;
  }
}

/** Whether a clause holds in a context. */
export function holds(clause: WhenClause, context: WhenContext): boolean {
  switch (clause.kind) {
    case 'or':
      return clause.parts.some((part) => holds(part, context));
    case 'and':
      return clause.parts.every((part) => holds(part, context));
    case 'not':
      return !holds(clause.part, context);
    case 'value':
      return Boolean(valueOf(clause.value, context));
    case 'compare':
      return compare(clause.operator, valueOf(clause.left, context), valueOf(clause.right, context));
    case 'in': {
      const { list } = clause;
      const value = valueOf(clause.value, context);
      const values =
        'literal' in list || 'key' in list
          ? valueOf(list, context)
          : list.map((each) => valueOf(each, context));
      return value !== undefined && Array.isArray(values) && values.includes(value);
    }
  }
}

/** Reads and asks at once. An absent clause holds; one that cannot be read does not. */
export function whenHolds(text: string | undefined, context: WhenContext): boolean {
  if (text === undefined) return true;
  const clause = parseWhen(text);
  return clause.ok && holds(clause.value, context);
}

function compare(operator: Comparison, left: unknown, right: unknown): boolean {
  if (operator === '==') return left !== undefined && left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== 'number' || typeof right !== 'number') return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

function valueOf(value: WhenValue, context: WhenContext): unknown {
  if ('literal' in value) return value.literal;
  let found: unknown = context;
  for (const step of value.key) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as WhenContext)[step];
  }
  return found;
}

class Misfit extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

interface Token {
  readonly kind: 'symbol' | 'text' | 'number' | 'word' | 'end';
  readonly text: string;
  readonly offset: number;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  whole(): WhenClause {
    const clause = this.#or();
    if (this.#next.kind !== 'end') throw this.#misfit('&&, || or the end');
    return clause;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', offset: 0 };
  }

  #take(symbol: string): boolean {
    if (this.#next.kind !== 'symbol' || this.#next.text !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#misfit(symbol);
  }

  #misfit(wanted: string): Misfit {
    const { kind, text, offset } = this.#next;
    return new Misfit(offset, `${kind === 'end' ? 'it ends' : `there is ${text}`} where ${wanted} should be`);
  }

  #or(): WhenClause {
    const parts = [this.#and()];
    while (this.#take('||')) parts.push(this.#and());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'or', parts };
  }

  #and(): WhenClause {
    const parts = [this.#not()];
    while (this.#take('&&')) parts.push(this.#not());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'and', parts };
  }

  #not(): WhenClause {
    this.#depth += 1;
    if (this.#depth > maxDepth)
      throw new Misfit(this.#next.offset, `more than ${maxDepth} inside each other`);
    try {
      if (this.#take('!')) return { kind: 'not', part: this.#not() };
      if (!this.#take('(')) return this.#test();
      const inner = this.#or();
      this.#expect(')');
      return inner;
    } finally {
      this.#depth -= 1;
    }
  }

  #test(): WhenClause {
    const left = this.#value();
    const { kind, text } = this.#next;
    if (kind === 'symbol' && comparisons.includes(text)) {
      this.#at += 1;
      return { kind: 'compare', operator: text as Comparison, left, right: this.#value() };
    }
    if (kind !== 'word' || text !== 'in') return { kind: 'value', value: left };
    this.#at += 1;
    return { kind: 'in', value: left, list: this.#list() };
  }

  #list(): readonly WhenValue[] | WhenValue {
    if (!this.#take('[')) return this.#value();
    const values = [this.#value()];
    while (this.#take(',')) values.push(this.#value());
    this.#expect(']');
    return values;
  }

  #value(): WhenValue {
    const { kind, text } = this.#next;
    if (kind === 'end' || kind === 'symbol' || text === 'in') throw this.#misfit('a value');
    this.#at += 1;
    if (kind === 'text') return { literal: text.slice(1, -1) };
    if (kind === 'number') return { literal: Number(text) };
    if (text === 'true' || text === 'false') return { literal: text === 'true' };
    return { key: text.split('.') };
  }
}

function tokensOf(text: string): readonly Token[] {
  if (text.length > maxLength) throw new Misfit(maxLength, `longer than ${maxLength} characters`);
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  for (let at = 0; at < end; at = tokenPattern.lastIndex) {
    const groups = tokenPattern.exec(text)?.groups;
    if (groups === undefined) {
      const offset = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
      throw new Misfit(offset, `${text.charAt(offset)} is not understood`);
    }
    for (const kind of ['symbol', 'text', 'number', 'word'] as const) {
      const found = groups[kind];
      if (found !== undefined)
        tokens.push({ kind, text: found, offset: tokenPattern.lastIndex - found.length });
    }
  }
  return [...tokens, { kind: 'end', text: '', offset: text.length }];
}
