import type { ExtensionInfo, ExtensionReason, ExtensionState } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import type { Tone } from '../../widgets/StateBadge.tsx';

/** How the state of an extension looks and reads. */
export function extensionState({ state }: Pick<ExtensionInfo, 'state'>): {
  readonly tone: Tone;
  readonly icon: string;
  readonly text: string;
} {
  const faces: Readonly<Record<ExtensionState, { tone: Tone; icon: string; text: string }>> = {
    registered: {
      tone: 'quiet',
      icon: 'circle-large',
      text: localize('extensions.registered', 'Registered'),
    },
    activating: { tone: 'warn', icon: 'sync', text: localize('extensions.activating', 'Starting') },
    active: { tone: 'ok', icon: 'pass-filled', text: localize('extensions.active', 'Active') },
    deactivating: { tone: 'warn', icon: 'sync', text: localize('extensions.deactivating', 'Stopping') },
    disabled: { tone: 'quiet', icon: 'circle-slash', text: localize('extensions.disabled', 'Disabled') },
    quarantined: { tone: 'bad', icon: 'error', text: localize('extensions.quarantined', 'Quarantined') },
  };
  return faces[state];
}

/** Why an extension is not in use, for a person. */
export function reasonText(reason: ExtensionReason): string {
  const texts: Readonly<Record<ExtensionReason, string>> = {
    byUser: localize('extensions.byUser', 'Somebody switched it off.'),
    invalid: localize('extensions.invalid', 'Its manifest is not valid.'),
    engine: localize('extensions.engine', 'It was made for another version of Tutti.'),
    abi: localize('extensions.abi', 'Its native library does not fit this platform or version.'),
    missingDependency: localize('extensions.missing', 'An extension that it needs is not installed.'),
    dependencyCycle: localize('extensions.cycle', 'It and others need each other in a circle.'),
    dependencyDisabled: localize('extensions.needsDisabled', 'An extension that it needs is not in use.'),
    duplicate: localize('extensions.duplicate', 'Another extension of this name is in use.'),
    untrusted: localize('extensions.untrusted', 'It brings native code that nobody has trusted yet.'),
    activationFailed: localize('extensions.failed', 'It failed while it started.'),
    crashed: localize('extensions.crashed', 'It crashed too often.'),
    unresponsive: localize('extensions.hung', 'It stopped answering too often.'),
    safeMode: localize('extensions.safeMode', 'Safe mode: only what comes with Tutti is used.'),
  };
  return texts[reason];
}

export function originText(origin: ExtensionInfo['origin']): string {
  const texts: Readonly<Record<ExtensionInfo['origin'], string>> = {
    builtIn: localize('extensions.builtIn', 'comes with Tutti'),
    installed: localize('extensions.installed', 'installed'),
    development: localize('extensions.development', 'in development'),
  };
  return texts[origin];
}
