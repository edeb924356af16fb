import { useSyncExternalStore } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { localize } from '../localize/localize.ts';
import { applyTheme, currentTheme, themeChoices, themeName, watchTheme } from '../theme/theme.ts';
import { ActionButton } from '../widgets/ActionButton.tsx';
import { Icon } from '../widgets/Icon.tsx';

/** Light, dark, with high contrast or without, or as the system has it. */
export function ThemeMenu() {
  const theme = useSyncExternalStore(watchTheme, currentTheme);
  return (
    <MenuTrigger>
      <ActionButton
        kind="quiet"
        icon="color-mode"
        aria-label={localize('theme.button', 'Theme: {0}', themeName(theme))}
      />
      <Popover className="popover" placement="bottom end">
        <Menu
          className="list"
          aria-label={localize('theme.title', 'Theme')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[theme]}
          onAction={(key) => applyTheme(themeChoices.find((choice) => choice === key) ?? 'system')}
        >
          {themeChoices.map((choice) => (
            <MenuItem key={choice} id={choice} className="list-item" textValue={themeName(choice)}>
              <Icon name={choice === theme ? 'check' : 'blank'} />
              {themeName(choice)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
