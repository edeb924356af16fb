import { useEffect } from 'react';
import { chordOf } from './keybindings.ts';
import type { Workbench } from './workbench.ts';

/** Runs the command of what is pressed. Plain keys belong to whoever has the focus; in a dialog, all keys do. */
export function useKeys(workbench: Workbench): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const chord = chordOf(event);
      if (chord === undefined) return;
      const inDialog =
        event.target instanceof Element && event.target.closest('[role=dialog], [role=alertdialog]');
      if (inDialog) return;
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d+$/.test(event.key);
      if (plain && isTyping(event.composedPath()[0] ?? null)) return;
      const bound = workbench.keybindings
        .commandsFor(chord)
        .find(({ command, target }) => command.isEnabled?.(target) !== false);
      if (!bound) return;
      event.preventDefault();
      void workbench.runCommand(bound.command, bound.target);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [workbench]);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
