import { lazy, Suspense, type ComponentProps } from 'react';
import { localize } from '../localize/localize.ts';

const Loaded = lazy(() => import('./code-mirror.tsx').then(({ CodeMirror }) => ({ default: CodeMirror })));

/** An editor of text with line numbers and remarks in place; loaded when the first one is shown. */
export function CodeEditor(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense fallback={<p className="quiet padded">{localize('editor.loading', 'Loading the editor…')}</p>}>
      <Loaded {...props} />
    </Suspense>
  );
}
