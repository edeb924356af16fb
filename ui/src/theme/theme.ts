import { localize } from '../localize/localize.ts';

/** What a person chose: follow the system, or one of the four. */
export type ThemeChoice = 'system' | 'light' | 'dark' | 'high-contrast-light' | 'high-contrast-dark';

export const themeChoices: readonly ThemeChoice[] = [
  'system',
  'light',
  'dark',
  'high-contrast-light',
  'high-contrast-dark',
];

export function themeName(choice: ThemeChoice): string {
  switch (choice) {
    case 'system':
      return localize('theme.system', 'As the system');
    case 'light':
      return localize('theme.light', 'Light');
    case 'dark':
      return localize('theme.dark', 'Dark');
    case 'high-contrast-light':
      return localize('theme.highContrastLight', 'High contrast, light');
    case 'high-contrast-dark':
      return localize('theme.highContrastDark', 'High contrast, dark');
  }
}

const storageKey = 'tutti.theme';
const themeChanged = 'tutti-theme-changed';
/** By system, colours and contrast both follow it. */
const moreContrast = '(prefers-contrast: more)';
let current: ThemeChoice = 'system';

/** The choice of last time; storage that is closed or holds anything else means `system`. */
export function storedTheme(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageKey);
    return themeChoices.find((choice) => choice === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

export const currentTheme = (): ThemeChoice => current;

/** Puts a choice in force at once, and keeps it for next time where storage allows. */
export function applyTheme(choice: ThemeChoice): void {
  current = choice;
  paint();
  window.matchMedia(moreContrast).onchange = paint;
  window.dispatchEvent(new Event(themeChanged));
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // Private windows may refuse storage: the choice then lasts as long as the page.
  }
}

/** theme.css has two values a colour, light and dark, and a second set for high contrast. */
function paint(): void {
  const root = document.documentElement;
  const isSystem = current === 'system';
  const isHigh = isSystem ? window.matchMedia(moreContrast).matches : current.startsWith('high-contrast');
  if (isSystem) root.removeAttribute('data-theme');
  else root.dataset['theme'] = current.endsWith('light') ? 'light' : 'dark';
  if (isHigh) root.dataset['contrast'] = 'high';
  else root.removeAttribute('data-contrast');
}

/** Calls back when colours change, by choice or by the system; returns the way to stop it. */
export function watchTheme(changed: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', moreContrast].map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener('change', changed);
  window.addEventListener(themeChanged, changed);
  return () => {
    for (const query of queries) query.removeEventListener('change', changed);
    window.removeEventListener(themeChanged, changed);
  };
}
