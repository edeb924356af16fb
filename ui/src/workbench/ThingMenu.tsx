import { Fragment, useRef, useState } from 'react';
import type { MenuPlace } from '@tutti/api';
import { Menu, MenuItem, Popover, Separator } from 'react-aria-components';
import { localize } from '../localize/localize.ts';
import { Icon } from '../widgets/Icon.tsx';
import { menuGroups } from './menu-entries.ts';
import type { Target } from './registry.ts';
import { thingMenuClass } from './use-thing-menus.ts';
import { useRegistry, useWorkbench } from './workbench.ts';

interface ThingMenuProps {
  readonly place: MenuPlace;
  /** What the commands act upon; asked for when the menu opens, if it moves. */
  readonly target: Target | (() => Target);
  /** What it is called. */
  readonly name: string;
  /** Where the arrows lead to its button. */
  readonly excludeFromTabOrder?: boolean;
}

/**
 * Everything that can be done with one thing, by us or by extensions. Not there if there is nothing. Hundreds of rows have one: only a
 * menu that is open is more than a button.
 */
export function ThingMenu(props: ThingMenuProps) {
  const { registries } = useWorkbench();
  const entries = useRegistry(registries.menus);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  if (!entries.some(([, { place }]) => place === props.place)) return null;
  return (
    <>
      <span className={thingMenuClass}>
        <button
          ref={button}
          type="button"
          className="button quiet only-icon"
          {...(props.excludeFromTabOrder === true && { tabIndex: -1 })}
          aria-haspopup="menu"
          aria-expanded={isOpen}
          aria-label={localize('menu.of', 'More for {0}', props.name.slice(0, 120))}
          onClick={() => setOpen(true)}
        >
          <Icon name="ellipsis" />
        </button>
      </span>
      {isOpen && (
        <Popover className="popover" placement="bottom end" triggerRef={button} isOpen onOpenChange={setOpen}>
          <Items {...props} onClose={() => setOpen(false)} />
        </Popover>
      )}
    </>
  );
}

/** Clauses are asked when the menu opens, not while it is closed. */
function Items({ place, target: given, name, onClose }: ThingMenuProps & { readonly onClose: () => void }) {
  const workbench = useWorkbench();
  const target = typeof given === 'function' ? given() : given;
  const groups = menuGroups(workbench.registries, place, target);
  return (
    <Menu
      className="list"
      autoFocus="first"
      onClose={onClose}
      aria-label={localize('menu.of', 'More for {0}', name.slice(0, 120))}
      onAction={(id) => void workbench.run(String(id), target)}
      renderEmptyState={() => <p className="quiet padded">{localize('menu.none', 'Nothing to do here.')}</p>}
    >
      {groups.map((commands, index) => (
        <Fragment key={index}>
          {index > 0 && <Separator className="menu-separator" />}
          {commands.map(({ id, title, icon, isEnabled }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={title}
              className="list-item"
              isDisabled={isEnabled?.(target) === false}
            >
              <Icon name={icon ?? 'blank'} />
              <bdi>{title}</bdi>
            </MenuItem>
          ))}
        </Fragment>
      ))}
    </Menu>
  );
}
