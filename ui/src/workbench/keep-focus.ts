/** Where the focus is not carried across: from the skip link on, a person would have to find the way back. */
const limits = 'body, main, nav, header, footer, .workbench';
/** Has the focus itself, and gives it to the entry that a person was at. */
const composites = '[role=grid][tabindex], [role=treegrid][tabindex]';
const controls =
  ':is(a[href], button, input, select, textarea, [tabindex]):not(:disabled, [tabindex="-1"], [type=hidden])';
/** Dialogs and menus give the focus back by themselves, a frame after they are gone. */
const patienceMs = 100;

/**
 * Keeps the keyboard where it was when what had the focus is gone, as a button that removes its own row: the nearest thing around it that
 * is still there gets the focus. For what lay in front of the page (a dialog), around what had the focus before it.
 *
 * @param page without what lies in front of it.
 * @returns ends it.
 */
export function keepFocus(page: HTMLElement): () => void {
  let latest: readonly Element[] = [];
  let onPage: readonly Element[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isNowhere = (): boolean => document.activeElement === document.body;
  const isLost = (): boolean => isNowhere() && latest[0]?.isConnected === false;

  const remember = ({ target }: FocusEvent): void => {
    latest = target instanceof Element ? pathOf(target) : [];
    if (latest.includes(page)) onPage = latest;
  };
  // Who leaves something that stays wants to be nowhere.
  const forget = (): void =>
    void setTimeout(() => {
      if (isNowhere() && latest[0]?.isConnected === true) latest = [];
    });
  const restore = (): void => {
    timer = undefined;
    if (!isLost()) return;
    if (!focusNear(latest)) focusNear(onPage);
    if (isNowhere()) latest = [];
  };
  const observer = new MutationObserver(() => {
    if (isLost()) timer ??= setTimeout(restore, patienceMs);
  });
  document.addEventListener('focusin', remember);
  document.addEventListener('focusout', forget);
  observer.observe(document.body, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    clearTimeout(timer);
    document.removeEventListener('focusin', remember);
    document.removeEventListener('focusout', forget);
  };
}

/** An element and what is around it, from the inside. */
function pathOf(element: Element): readonly Element[] {
  const path: Element[] = [];
  for (let each: Element | null = element; each; each = each.parentElement) path.push(each);
  return path;
}

/** @returns whether something could be focused. */
function focusNear(path: readonly Element[]): boolean {
  const within = path.slice(
    0,
    path.findIndex((each) => each.matches(limits)),
  );
  const left = within.filter((each) => each.isConnected);
  return left.some((around) => {
    const composite = around.closest(composites);
    const candidates = composite ? [composite] : [around, ...around.querySelectorAll(controls)];
    return candidates.some((each) => {
      if (each instanceof HTMLElement) each.focus({ preventScroll: true });
      return document.activeElement !== document.body;
    });
  });
}
