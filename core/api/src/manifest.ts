import type { HookName } from './hooks.ts';

/** A native library of an extension: a codec or a clock source behind the C ABI of `native/include/tutti`. */
export interface NativeContribution {
  readonly kind: 'codec' | 'clock';
  /** Codec: encoding name as in rtpmap. Clock: name of the source. */
  readonly id: string;
  /** Major version of the ABI it was built for. */
  readonly abi: number;
  /** Path inside the extension, without the platform's ending. */
  readonly library: string;
  /**
   * Of a codec that reads streams of another encoding, because it hides in them (DoP in L24): that encoding's name. A person
   * chooses it for a receiver, or `automaticFrom` does.
   */
  readonly inside?: string;
  /**
   * With `inside`: Hz. Streams of that encoding and at least this rate have this codec unless a person chooses otherwise; of
   * several codecs the first that is contributed, or the one that the setting `receivers.codecs` names.
   */
  readonly automaticFrom?: number;
}

/** Something that a piece of code stands behind, with a name for people. */
export interface LabelledContribution {
  readonly id: string;
  readonly label: string;
}

export interface CommandContribution {
  /** Begins with the extension's name, as `ravenna.describe`. */
  readonly command: string;
  readonly title: string;
  /** Goes before the title where commands of many stand together. */
  readonly category?: string;
  /** Name of a codicon. */
  readonly icon?: string;
  /** A `when` clause: greyed out where it does not hold. */
  readonly enablement?: string;
}

export const menuPlaces = [
  'commandPalette',
  'sessions/item',
  'receivers/item',
  'senders/item',
  'clock/item',
  'device/item',
  'extensions/item',
  'view/title',
  'view/item',
] as const;
export type MenuPlace = (typeof menuPlaces)[number];

export interface MenuContribution {
  readonly command: string;
  /** A `when` clause: shown where it holds; absent: always. */
  readonly when?: string;
  /** Items of a group stand together, groups in alphabetic order. */
  readonly group?: string;
}

export interface KeybindingContribution {
  readonly command: string;
  /** As `ctrl+shift+d`; `mod` is Command on a Mac and Control elsewhere. */
  readonly key: string;
  readonly mac?: string;
  readonly when?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

export const viewPlaces = ['streams', 'routing', 'clock', 'device', 'extensions', 'panel', 'editor'] as const;
/** Where a view stands: in a part's side bar, in the panel below, or as an editor of its own. */
export type ViewPlace = (typeof viewPlaces)[number];

export interface TableColumn {
  readonly id: string;
  readonly label: string;
  /** Numbers stand at the right; `text` unless given. */
  readonly type?: 'text' | 'number' | 'boolean';
}

export interface ViewContribution {
  readonly id: string;
  readonly name: string;
  readonly type: 'tree' | 'table' | 'web';
  readonly icon?: string;
  readonly when?: string;
  /** Of a table. */
  readonly columns?: readonly TableColumn[];
  /** Of a web view: its HTML file. Everything in the file's folder can be loaded by it, and nothing else. */
  readonly entry?: string;
}

export interface StatusItemContribution extends LabelledContribution {
  readonly alignment?: 'left' | 'right';
  /** Higher stands farther outside. */
  readonly priority?: number;
  readonly when?: string;
}

export interface DiagnosisContribution extends LabelledContribution {
  readonly subject: 'machine' | 'receiver';
}

export interface HalContribution extends LabelledContribution {
  /** Absent: every platform. */
  readonly platforms?: readonly ('linux' | 'darwin')[];
}

/** What an extension adds. Texts for people may be `%key%` of `package.nls.json` and `package.nls.LANGUAGE.json`. */
export interface Contributes {
  readonly native?: readonly NativeContribution[];
  readonly discovery?: readonly LabelledContribution[];
  readonly publishing?: readonly LabelledContribution[];
  readonly hooks?: readonly HookName[];
  readonly commands?: readonly CommandContribution[];
  readonly menus?: Readonly<Partial<Record<MenuPlace, readonly MenuContribution[]>>>;
  readonly keybindings?: readonly KeybindingContribution[];
  readonly views?: Readonly<Partial<Record<ViewPlace, readonly ViewContribution[]>>>;
  readonly statusItems?: readonly StatusItemContribution[];
  readonly diagnosis?: readonly DiagnosisContribution[];
  readonly hal?: readonly HalContribution[];
  /** JSON Schema of each key. */
  readonly configuration?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * What an extension says it needs. `native`: loads native libraries into the engine. `process`: starts programs.
 * `fs.read`: reads files outside its own folder. The network cannot be kept from it by Node; the two `net` permissions
 * tell people what to expect.
 */
export type ExtensionPermission = 'net.multicast' | 'net.unicast' | 'native' | 'fs.read' | 'process';

/** The part of package.json that Tutti reads; `manifestSchema` checks it. */
export interface ExtensionManifest {
  readonly publisher: string;
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly version: string;
  readonly engines: { readonly tutti: string };
  readonly main?: string;
  /** Beyond what its contributions imply (docs/extensions/README.md): `onStartup` has its code run from the start. */
  readonly activationEvents?: readonly 'onStartup'[];
  /** Ids of extensions that must be active before this one. */
  readonly extensionDependencies?: readonly string[];
  readonly permissions?: readonly ExtensionPermission[];
  readonly contributes?: Contributes;
}
