import { sdpLimits } from './limits.ts';
import type { SdpProblem } from './session.ts';

/** A place in a text; line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Collects what is remarkable about a text, at most {@link sdpLimits.problems} remarks of each severity. */
export class ProblemList {
  readonly #items: SdpProblem[] = [];
  readonly #count = { error: 0, warning: 0, info: 0 };

  get hasError(): boolean {
    return this.#count.error > 0;
  }

  error(code: string, place: Place, message: string): void {
    this.#add('error', code, place, message);
  }

  warning(code: string, place: Place, message: string): void {
    this.#add('warning', code, place, message);
  }

  info(code: string, place: Place, message: string): void {
    this.#add('info', code, place, message);
  }

  /** Takes over what another list holds. */
  addAll(other: ProblemList): void {
    for (const item of other.#items) this.#add(item.severity, item.code, item, item.message);
  }

  /** Takes over what another list holds, its errors as warnings: they concern a part that is left out. */
  addAsWarnings(other: ProblemList, consequence: string): void {
    for (const item of other.#items) {
      const isError = item.severity === 'error';
      const message = isError ? `${item.message} ${consequence}` : item.message;
      this.#add(isError ? 'warning' : item.severity, item.code, item, message);
    }
  }

  /** In the order of the text. */
  sorted(): readonly SdpProblem[] {
    return [...this.#items].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(severity: SdpProblem['severity'], code: string, place: Place, message: string): void {
    if (this.#count[severity] >= sdpLimits.problems) return;
    this.#count[severity] += 1;
    this.#items.push({ severity, code, message, line: place.line, column: place.column });
  }
}
