import type { ExtensionManifest } from '@tutti/api';

/**
 * When an extension's code is to run, as its contributions imply: `onStartup`, or the first time that somebody wants one of its
 * commands, views or checks. What it finds, announces, steps into or shows all the time has to be there from the start, and so has
 * an extension that says nothing of what it contributes.
 */
export function activationEvents(manifest: ExtensionManifest): readonly string[] {
  if (manifest.main === undefined) return [];
  const { commands = [], views = {}, diagnosis = [], ...others } = manifest.contributes ?? {};
  const onDemand = [
    ...commands.map(({ command }) => `onCommand:${command}`),
    ...Object.values(views).flatMap((each) => each.map(({ id }) => `onView:${id}`)),
    ...diagnosis.map(({ id }) => `onDiagnosis:${id}`),
  ];
  const { discovery = [], publishing = [], hooks = [], statusItems = [], hal = [] } = others;
  const standing = [discovery, publishing, hooks, statusItems, hal].some((each) => each.length > 0);
  const fromTheStart = manifest.activationEvents?.includes('onStartup') ?? false;
  return fromTheStart || standing || onDemand.length === 0 ? ['onStartup'] : onDemand;
}

export function startsAtOnce(manifest: ExtensionManifest | undefined): boolean {
  return manifest?.main === undefined || activationEvents(manifest).includes('onStartup');
}
