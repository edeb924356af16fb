import type {
  CommandContribution,
  DiagnosisContribution,
  HalContribution,
  KeybindingContribution,
  LabelledContribution,
  MenuContribution,
  MenuPlace,
  StatusItemContribution,
  StatusItemState,
  ViewContribution,
  ViewPlace,
} from '@tutti/api';

/** Whose it is: `publisher.name`. */
interface Owned {
  readonly extension: string;
}

export type CommandInfo = CommandContribution &
  Owned & {
    /** It can be run: its code is there, or starts with it. */
    readonly ready: boolean;
  };
export type MenuItemInfo = MenuContribution & Owned & { readonly place: MenuPlace };
export type KeybindingInfo = KeybindingContribution & Owned;
export type ViewInfo = Omit<ViewContribution, 'entry'> &
  Owned & {
    readonly place: ViewPlace;
    /** It has content: its code is there, or starts with it. */
    readonly ready: boolean;
    /** Of a web view: where its page lies, for an `iframe` with `sandbox="allow-scripts"`. */
    readonly url?: string;
  };
/** Without a text it is not shown. */
export type StatusItemInfo = StatusItemContribution & Owned & Partial<StatusItemState>;
export type DiagnosisInfo = DiagnosisContribution & Owned;
export type HalDriverInfo = HalContribution &
  Owned & {
    /** `running`: told about the device, and did not refuse. */
    readonly state: 'absent' | 'running' | 'failed';
    readonly message?: string;
  };
export type DiscoveryInfo = LabelledContribution & Owned;

/** Everything that extensions in use contribute to the workbench and the command line, texts in one language. */
export interface ContributionsInfo {
  readonly commands: readonly CommandInfo[];
  readonly menus: readonly MenuItemInfo[];
  readonly keybindings: readonly KeybindingInfo[];
  readonly views: readonly ViewInfo[];
  readonly statusItems: readonly StatusItemInfo[];
  readonly diagnosis: readonly DiagnosisInfo[];
  readonly hal: readonly HalDriverInfo[];
  readonly discovery: readonly DiscoveryInfo[];
}

/** What the WebSocket says of contributions, beside the state's messages. */
export type ContributionMessage =
  /** Something came or went: `GET /contributions` again. */
  | { readonly kind: 'contributions' }
  /** The whole status bar of extensions. */
  | { readonly kind: 'statusItems'; readonly items: readonly StatusItemInfo[] }
  /** Content of a tree or table changed; `items`: only the children of these. */
  | { readonly kind: 'view'; readonly view: string; readonly items?: readonly string[] }
  /** An extension says something to the pages of its web view. */
  | { readonly kind: 'viewMessage'; readonly view: string; readonly message: unknown };

export interface RunCommand {
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** How long to wait, ms; 15000 unless given, 600000 at most. Then the command is asked to stop. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  /** What the command returned; null if nothing. */
  readonly result: unknown;
}
