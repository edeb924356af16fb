import {
  acceptCompletion,
  autocompletion,
  completionKeymap,
  type CompletionSource,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, linter, type Diagnostic } from '@codemirror/lint';
import { Annotation, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useLayoutEffect, useRef } from 'react';

/** Something to say about a place of the text; lines and columns count from 1. */
export interface Remark {
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

export interface CodeMirrorProps {
  /** Spoken. */
  readonly label: string;
  readonly value: string;
  readonly onChange?: (text: string) => void;
  readonly language?: 'json' | 'plain';
  /** Looked at a moment after typing stops. */
  readonly check?: (text: string) => readonly Remark[];
  readonly complete?: CompletionSource;
}

/**
 * CodeMirror in a shadow root of its own: there it may add its styles as constructed sheets, which the page's security
 * policy allows, instead of `style` elements, which it does not. Tab leaves the editor, as everywhere on the page.
 */
export function CodeMirror(props: CodeMirrorProps) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef(props);
  useEffect(() => {
    now.current = props;
  });

  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({ doc: now.current.value, extensions: extensionsFor(() => now.current) }),
    });
    view.current = editor;
    return () => {
      view.current = undefined;
      editor.destroy();
    };
  }, []);

  // In the same task as the drawing: later, a person may have typed on, and the value would be an older text of the editor's own.
  useLayoutEffect(() => {
    const editor = view.current;
    // The editor keeps lines, not how they end: who needs CRLF puts it back.
    if (!editor || editor.state.doc.toString() === props.value.replace(/\r\n?/g, '\n')) return;
    const changes = { from: 0, to: editor.state.doc.length, insert: props.value };
    editor.dispatch({ changes, annotations: fromOutside.of(true) });
  }, [props.value]);

  return <div ref={frame} className="code-editor" />;
}

/** A change that the page made, not a person. */
const fromOutside = Annotation.define<boolean>();

function extensionsFor(props: () => CodeMirrorProps): Extension {
  const { label, language = 'plain', onChange, complete } = props();
  return [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection(),
    history(),
    bracketMatching(),
    EditorView.lineWrapping,
    EditorState.readOnly.of(onChange === undefined),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((each) => each.annotation(fromOutside)))
        props().onChange?.(update.state.doc.toString());
    }),
    linter((view) => diagnosticsOf(view.state, props().check?.(view.state.doc.toString()) ?? []), {
      delay: 250,
    }),
    lintGutter(),
    ...(complete ? [autocompletion({ override: [complete] })] : []),
    ...(language === 'json' ? [json(), syntaxHighlighting(colours)] : []),
    keymap.of([
      { key: 'Enter', run: acceptCompletion },
      ...completionKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...lintKeymap,
    ]),
    theme,
  ];
}

/** A remark underlines from its place to the end of the line. */
function diagnosticsOf(state: EditorState, remarks: readonly Remark[]): readonly Diagnostic[] {
  return remarks.map(({ line, column, severity, message }) => {
    const { from, to } = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
    return { from: Math.min(from + column - 1, to), to, severity, message };
  });
}

const theme = EditorView.theme({
  '&': {
    flex: '1 1 0',
    minHeight: '0',
    color: 'var(--text)',
    backgroundColor: 'var(--field)',
    fontSize: '12.5px',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--panel)',
    color: 'var(--text-quiet)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--selected) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--panel-raised)',
    color: 'var(--text)',
    border: '1px solid var(--line-strong)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--selected)',
    color: 'var(--text)',
  },
  '.cm-completionDetail': { color: 'var(--text-quiet)' },
  '.cm-lintRange': { backgroundImage: 'none', textDecoration: 'underline wavy', textUnderlineOffset: '3px' },
  '.cm-lintRange-error': { textDecorationColor: 'var(--bad)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warn)' },
  '.cm-lintRange-info': { textDecorationColor: 'var(--accent)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--accent)' },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: [tags.string, tags.number, tags.bool, tags.null], color: 'var(--ok)' },
  { tag: [tags.lineComment, tags.blockComment, tags.comment], color: 'var(--text-quiet)' },
]);
