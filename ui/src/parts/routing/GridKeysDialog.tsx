import { localize } from '../../localize/localize.ts';
import { ModalDialog } from '../../widgets/ModalDialog.tsx';

/** What hand and keys do in the grid. */
export function GridKeysDialog({ onClose }: { readonly onClose: () => void }) {
  const keys: readonly (readonly [string, string])[] = [
    [
      localize('routing.key.click', 'Click, Space'),
      localize('routing.does.toggle', 'make or clear one route'),
    ],
    [
      localize('routing.key.drag', 'Drag'),
      localize('routing.does.drag', 'patch a block 1:1; from a stream’s header: all of its channels'),
    ],
    [
      localize('routing.key.ctrl', 'Ctrl-click, Ctrl+Space'),
      localize('routing.does.block', 'patch 1:1 from here to the end of the stream'),
    ],
    [
      localize('routing.key.shift', 'Shift-click, Shift+arrows'),
      localize('routing.does.range', 'select a range; Space patches it 1:1, Delete clears it'),
    ],
    [
      localize('routing.key.arrows', 'Arrows, Home, End, Page'),
      localize('routing.does.move', 'move; with Ctrl by groups, to the corners'),
    ],
    [
      localize('routing.key.fold', '− and +, with Shift for rows'),
      localize('routing.does.fold', 'fold and unfold the group; or click its header'),
    ],
    [localize('routing.key.undo', 'Ctrl+Z, Ctrl+Shift+Z'), localize('routing.does.undo', 'undo, redo')],
    [
      localize('routing.key.answer', 'Enter, Escape'),
      localize('routing.does.answer', 'do what is previewed, or leave it'),
    ],
  ];
  return (
    <ModalDialog title={localize('routing.keys', 'Keys and gestures')} onClose={onClose}>
      <dl className="numbers">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </ModalDialog>
  );
}
