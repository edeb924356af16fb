import type { Disposable } from '@tutti/base';
import type { Call } from './call.ts';

/** A receiver as a check sees it. */
export interface DiagnosedReceiver {
  readonly id: string;
  readonly name: string;
  /** Session of the catalogue that it follows. */
  readonly sessionId?: string;
  readonly state: 'running' | 'waiting' | 'failed';
  readonly encoding: string;
  /** Hz. */
  readonly rate: number;
  readonly channels: number;
  readonly framesPerPacket?: number;
  readonly legs: readonly { readonly address: string; readonly port: number; readonly interface: string }[];
  readonly timing: 'shared' | 'resample' | 'arrival';
  readonly linkOffsetMs: number;
  /** Since the receiver was put in force; names are those of `tutti receiver show --json`. */
  readonly counters: Readonly<Record<string, number>>;
}

/** What is looked at. */
export type DiagnosisSubject =
  { readonly kind: 'machine' } | { readonly kind: 'receiver'; readonly receiver: DiagnosedReceiver };

export interface DiagnosisResult {
  readonly result: 'ok' | 'warning' | 'failed' | 'skipped';
  /** One sentence for a person. */
  readonly message: string;
  /** One sentence: what to do. */
  readonly fix?: string;
}

/** A check of `tutti doctor`. It has 2 s; one that throws or is late is a warning. */
export interface DiagnosisCheck {
  /** As in the manifest's `contributes.diagnosis`, which also says for which subject it is asked. */
  readonly id: string;
  check(subject: DiagnosisSubject, call: Call): Promise<DiagnosisResult>;
}

export interface Diagnosis {
  registerCheck(check: DiagnosisCheck): Disposable;
}
