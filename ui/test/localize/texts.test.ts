import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** Attributes that a person reads or hears. */
const spoken =
  /^(?:aria-(?:label|description|valuetext|roledescription)|title|label|placeholder|alt|hint|heading|summary|text|confirmLabel|submitLabel|textValue)$/;
const named = /^['"]?(?:title|message|fix|text|label|meaning)['"]?$/;
/** Names, and units that are the same in every language. */
const universal = /^(?:Tutti|ms|kHz|dB|dBFS|kB|MB|Mbit\/s|SDP|DSCP|TTL|JSON|PTP|CSV|PNG)$/;
const words = (text: string): readonly string[] =>
  (text.match(/[A-Za-z][A-Za-z/]+/g) ?? []).filter((word) => !universal.test(word));

const root = resolve(import.meta.dirname, '../../src');

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const sources = files.map((file) => sourceOf(file));

function sourceOf(file: string): ts.SourceFile {
  return ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    { languageVersion: ts.ScriptTarget.ES2022, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
}

const isLocalized = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && /^localize(?:Count)?$/.test(node.expression.getText());

/** Texts for people that stand in the code as they are, as `file:line: text`. */
function plainTexts(source: ts.SourceFile): readonly string[] {
  const found: string[] = [];
  const note = (node: ts.Node, text: string): void => {
    if (words(text).length === 0) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${source.fileName}:${line + 1}: ${text.trim()}`);
  };
  /** The words of literals, wherever in an expression they stand, but those inside calls and comparisons. */
  const literals = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) note(node, node.text);
    else if (ts.isTemplateExpression(node)) {
      for (const part of [node.head, ...node.templateSpans.map(({ literal }) => literal)])
        note(node, part.text);
    } else if (ts.isConditionalExpression(node)) {
      literals(node.whenTrue);
      literals(node.whenFalse);
    } else if (ts.isParenthesizedExpression(node)) literals(node.expression);
    else if (
      ts.isBinaryExpression(node) &&
      [
        ts.SyntaxKind.PlusToken,
        ts.SyntaxKind.QuestionQuestionToken,
        ts.SyntaxKind.BarBarToken,
        ts.SyntaxKind.AmpersandAmpersandToken,
      ].includes(node.operatorToken.kind)
    ) {
      literals(node.left);
      literals(node.right);
    }
  };
  const visit = (node: ts.Node): void => {
    if (isLocalized(node) || ts.isThrowStatement(node)) return;
    if (ts.isJsxText(node)) note(node, node.text);
    else if (ts.isJsxAttribute(node) && spoken.test(node.name.getText()) && node.initializer) {
      const { initializer } = node;
      literals(ts.isJsxExpression(initializer) ? (initializer.expression ?? initializer) : initializer);
    } else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression) {
      literals(node.expression);
    } else if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      if (/(?:^|\.)(?:fillText|announce|notify)$/.test(node.expression.getText()) && first) literals(first);
    } else if (ts.isPropertyAssignment(node) && named.test(node.name.getText())) literals(node.initializer);
    // A capital and a space: a sentence or a heading, wherever it stands.
    else if (ts.isStringLiteralLike(node) && /^[A-Z][a-z]+ /.test(node.text)) note(node, node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

it('every text goes through localize()', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(sources.flatMap(plainTexts)).toEqual([]);
});

it('a key of localize() has one text, wherever it is used', () => {
  const texts = new Map<string, Set<string>>();
  const visit = (node: ts.Node): void => {
    if (isLocalized(node)) {
      const [key, ...rest] = node.arguments.map((each) => (ts.isStringLiteralLike(each) ? each.text : ''));
      const known = texts.get(key ?? '') ?? new Set();
      if (key) texts.set(key, known.add(rest.filter(Boolean).join(' | ')));
    }
    ts.forEachChild(node, visit);
  };
  for (const source of sources) visit(source);
  expect(texts.size).toBeGreaterThan(300);
  expect([...texts].filter(([, each]) => each.size > 1).map(([key, each]) => [key, ...each])).toEqual([]);
});
