import { useState } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { applyTheme, storedTheme, themeChoices, type ThemeChoice } from '../theme/theme.ts';
import { ActionButton } from '../widgets/ActionButton.tsx';
import { Icon } from '../widgets/Icon.tsx';

const names: Readonly<Record<ThemeChoice, string>> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};

/** Light, dark, or as the system has it. */
export function ThemeMenu() {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <MenuTrigger>
      <ActionButton kind="quiet" icon="color-mode" aria-label={`Theme: ${names[theme]}`} />
      <Popover className="popover" placement="bottom end">
        <Menu
          className="list"
          aria-label="Theme"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[theme]}
          onAction={(key) => {
            const chosen = themeChoices.find((choice) => choice === key) ?? 'system';
            setTheme(chosen);
            applyTheme(chosen);
          }}
        >
          {themeChoices.map((choice) => (
            <MenuItem key={choice} id={choice} className="list-item" textValue={names[choice]}>
              <Icon name={choice === theme ? 'check' : 'blank'} />
              {names[choice]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
