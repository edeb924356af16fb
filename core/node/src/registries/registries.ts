import type {
  CommandArguments,
  DiagnosisResult,
  DiagnosisSubject,
  DiscoveryProvider,
  HalDriver,
  NativeContribution,
  SessionPublisher,
  SessionSource,
  StatusItemState,
  TableRange,
  TableRow,
  TreeItem,
} from '@tutti/api';
import { createToken, Emitter } from '@tutti/base';
import { Registry, type ContributionMessage } from '@tutti/common';
import { ContributionTable } from './contribution-table.ts';

/** A native library that an extension brings. */
export interface NativeLibrary extends Pick<NativeContribution, 'kind' | 'id' | 'inside' | 'automaticFrom'> {
  /** `publisher.name`. */
  readonly extension: string;
  /** Absolute path. */
  readonly path: string;
  /** Tells the file from another one at the same path. */
  readonly file: string;
}

/** How long somebody waits. */
export interface Waiting {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The code behind a command. */
export interface CommandRunner {
  run(args: CommandArguments, waiting: Waiting): Promise<unknown>;
}

/** What fills a view. Answers are checked and bounded. */
export type ViewContent =
  | { readonly type: 'tree'; children(parent: string | undefined): Promise<readonly TreeItem[]> }
  | {
      readonly type: 'table';
      rows(range: TableRange): Promise<{ readonly total: number; readonly rows: readonly TableRow[] }>;
    }
  | { readonly type: 'web'; message(message: unknown): Promise<unknown> };

/** What stands in the status bar. */
export interface StatusSource {
  /** Undefined until its extension said something. */
  readonly state: StatusItemState | undefined;
}

export interface CheckRunner {
  check(subject: DiagnosisSubject): Promise<DiagnosisResult>;
}

/** Everything extensions contribute, but hooks. */
export interface Registries {
  /** What manifests say. */
  readonly contributions: ContributionTable;
  readonly discovery: Registry<DiscoveryProvider>;
  /** By scheme of the URLs. */
  readonly sources: Registry<SessionSource>;
  readonly publishers: Registry<SessionPublisher>;
  /** By encoding name, upper case. */
  readonly codecs: Registry<NativeLibrary>;
  /** By id of the source. */
  readonly clocks: Registry<NativeLibrary>;
  readonly commands: Registry<CommandRunner>;
  readonly views: Registry<ViewContent>;
  readonly statusItems: Registry<StatusSource>;
  readonly checks: Registry<CheckRunner>;
  readonly hal: Registry<HalDriver>;
  /** What pages are told of views and status items, as it happens. */
  readonly messages: Emitter<ContributionMessage>;
}

export const RegistriesToken = createToken<Registries>('Registries');

export function createRegistries(): Registries {
  return {
    contributions: new ContributionTable(),
    discovery: new Registry(),
    sources: new Registry(),
    publishers: new Registry(),
    codecs: new Registry(),
    clocks: new Registry(),
    commands: new Registry(),
    views: new Registry(),
    statusItems: new Registry(),
    checks: new Registry(),
    hal: new Registry(),
    messages: new Emitter(),
  };
}
