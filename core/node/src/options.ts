import { createToken } from '@tutti/base';

/** What the command line decides before the host starts. */
export interface HostOptions {
  /** Root of the installation: where `dist/` and `extensions/` are. */
  readonly root: string;
  /** `--data DIR`; absent for the user's own directories. */
  readonly data?: string;
  /** `--interface IF`: use this one only. */
  readonly interface?: string;
  /** `--http HOST:PORT`, read. Port 0 chooses a free one. */
  readonly http?: { readonly host: string; readonly port: number };
  readonly version: string;
  /** `--disable-extensions`: only what we ship is used. */
  readonly disableExtensions?: boolean;
  /** `--dev DIR`: extensions that somebody works on, started anew when their files change. */
  readonly developmentExtensions?: readonly string[];
  /** No log lines on standard error; the log file has them all the same. */
  readonly quiet?: boolean;
}

export const HostOptionsToken = createToken<HostOptions>('HostOptions');
