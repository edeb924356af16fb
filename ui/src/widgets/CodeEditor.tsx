import { localize } from '../localize/localize.ts';
import { loadedLater } from './loaded-later.tsx';

/** An editor of text with line numbers and remarks in place; loaded when the first one is shown. */
export const CodeEditor = loadedLater(
  () => import('./code-mirror.tsx').then(({ CodeMirror }) => CodeMirror),
  () => localize('editor.loading', 'Loading the editor…'),
);
