import { useEffect } from 'react';

/** Around the button of a menu, so that the right mouse button finds it. */
export const thingMenuClass = 'thing-menu';
const things = '[role=row], [data-thing]';

/** The right mouse button opens the menu of the row under it, where it has one; elsewhere the browser's own. */
export function useThingMenus(): void {
  useEffect(() => {
    const onContextMenu = (event: MouseEvent): void => {
      if (!(event.target instanceof Element) || event.target.closest('input, textarea')) return;
      const thing = event.target.closest(things);
      const button = thing?.querySelector<HTMLElement>(`.${thingMenuClass} button`);
      if (!button) return;
      event.preventDefault();
      button.click();
    };
    document.addEventListener('contextmenu', onContextMenu);
    return () => document.removeEventListener('contextmenu', onContextMenu);
  }, []);
}
