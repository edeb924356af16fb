import type { ExtensionManifest } from '@tutti/api';

/**
 * Whether an extension's code is to run from the start, as its contributions imply. What it finds, announces, steps into or shows
 * all the time has to be there then, and so has an extension that says nothing of what it contributes; commands, views and checks
 * can wait until somebody wants one of them.
 */
export function startsAtOnce({ main, activationEvents = [], contributes = {} }: ExtensionManifest): boolean {
  if (main === undefined) return true; // nothing of it runs
  const { commands = [], views = {}, diagnosis = [] } = contributes;
  const { discovery = [], publishing = [], hooks = [], statusItems = [], hal = [] } = contributes;
  const standing = [discovery, publishing, hooks, statusItems, hal];
  const onDemand = [commands, diagnosis, ...Object.values(views)];
  const has = (lists: readonly (readonly unknown[])[]): boolean => lists.some((each) => each.length > 0);
  return activationEvents.includes('onStartup') || has(standing) || !has(onDemand);
}
