import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { getLocation, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { SettingInfo } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import type { Remark } from '../../widgets/code-mirror.tsx';
import { takes } from './setting-words.ts';

/** What is wrong in a settings file, as far as the page can tell: syntax, unknown keys, kinds of values. */
export function checkSettings(text: string, settings: readonly SettingInfo[]): readonly Remark[] {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const remarks = errors.map(({ error, offset }): Remark => ({
    ...placeOf(text, offset),
    severity: 'error',
    message: printParseErrorCode(error).replace(/([a-z])([A-Z])/g, '$1 $2'),
  }));
  for (const property of root?.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (!keyNode || !valueNode) continue;
    const setting = settings.find(({ key }) => key === keyNode.value);
    if (!setting) {
      remarks.push({
        ...placeOf(text, keyNode.offset),
        severity: 'warning',
        message: localize('settings.unknownKey', 'Nobody has a setting of this name at present.'),
      });
    } else if (!fits(setting.schema, valueNode.type, valueNode.value)) {
      remarks.push({
        ...placeOf(text, valueNode.offset),
        severity: 'error',
        message: localize('settings.wrongValue', 'It takes {0}.', takes(setting.schema)),
      });
    }
  }
  return remarks;
}

function fits(schema: SettingInfo['schema'], type: string, value: unknown): boolean {
  const { type: wanted, enum: choices, minimum, maximum } = schema;
  if (Array.isArray(choices)) return choices.includes(value);
  if (wanted === 'integer' || wanted === 'number') {
    if (typeof value !== 'number' || (wanted === 'integer' && !Number.isInteger(value))) return false;
    return (
      !(typeof minimum === 'number' && value < minimum) && !(typeof maximum === 'number' && value > maximum)
    );
  }
  return typeof wanted !== 'string' || wanted === type;
}

function placeOf(text: string, offset: number): Pick<Remark, 'line' | 'column'> {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Keys where a key belongs, values where a value does. */
export const completeSettings =
  (settings: () => readonly SettingInfo[]) =>
  (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const { path, isAtPropertyKey } = getLocation(text, context.pos);
    const word = context.matchBefore(/"?[\w.\-]*"?/);
    if (path.length !== 1 || !word || (word.from === word.to && !context.explicit)) return null;
    const options = isAtPropertyKey
      ? settings().map(keyCompletion)
      : valueCompletions(settings().find(({ key }) => key === path[0]));
    return { from: word.from, options, validFor: /^"?[\w.\-]*"?$/ };
  };

function keyCompletion({ key, schema }: SettingInfo): Completion {
  const { description } = schema;
  return {
    label: `"${key}"`,
    detail: JSON.stringify(schema['default']),
    apply: `"${key}": ${JSON.stringify(schema['default'])}`,
    type: 'property',
    ...(typeof description === 'string' && { info: description }),
  };
}

function valueCompletions(setting: SettingInfo | undefined): readonly Completion[] {
  if (!setting) return [];
  const { enum: choices, type } = setting.schema;
  const values = Array.isArray(choices)
    ? choices
    : type === 'boolean'
      ? [true, false]
      : [setting.schema['default']];
  return values.map((value) => ({ label: JSON.stringify(value), type: 'constant' }));
}
