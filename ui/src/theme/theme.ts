/** What a person chose: follow the system, or one of the two. */
export type ThemeChoice = 'system' | 'light' | 'dark';

export const themeChoices: readonly ThemeChoice[] = ['system', 'light', 'dark'];

const storageKey = 'tutti.theme';

/** The choice of last time; storage that is closed or holds anything else means `system`. */
export function storedTheme(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageKey);
    return themeChoices.find((choice) => choice === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

/** Puts a choice in force at once, and keeps it for next time where storage allows. */
export function applyTheme(choice: ThemeChoice): void {
  const root = document.documentElement;
  if (choice === 'system') root.removeAttribute('data-theme');
  else root.dataset['theme'] = choice;
  window.dispatchEvent(new Event(themeChanged));
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // Private windows may refuse storage: the choice then lasts as long as the page.
  }
}

const themeChanged = 'tutti-theme-changed';

/** Calls back when colours change, by choice or by the system; returns the way to stop it. */
export function watchTheme(changed: () => void): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', changed);
  window.addEventListener(themeChanged, changed);
  return () => {
    system.removeEventListener('change', changed);
    window.removeEventListener(themeChanged, changed);
  };
}
