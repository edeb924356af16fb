import { hostname } from 'node:os';
import { createToken, DisposableStore, toProblem, type Disposable } from '@tutti/base';
import type { AccessInfo } from '@tutti/common';
import { ownCertificate, readCertificate, type Certificate } from '../access/certificate.ts';
import type { Passwords } from '../access/passwords.ts';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import type { Paths } from '../platform/paths.ts';
import type { Configuration } from '../state/configuration.ts';
import { parseListenAddress, type ListenAddress } from './listen-address.ts';
import type { WebServer } from './web-server.ts';

export interface RemoteServerParts {
  readonly passwords: Passwords;
  readonly configuration: Configuration;
  readonly interfaces: Interfaces;
  readonly paths: Paths;
  readonly log: Log;
}

/**
 * The host API and the page for other machines: with TLS, and only while there is a password. Comes and goes with the settings
 * `remote.*` and the passwords; the address on the loopback has no part in it.
 */
export class RemoteServer implements Disposable {
  readonly #parts: RemoteServerParts;
  readonly #store = new DisposableStore();
  #create: ((certificate: Certificate) => Promise<WebServer>) | undefined;
  #server: WebServer | undefined;
  #served = '';
  #queue: Promise<void> = Promise.resolve();
  #info: AccessInfo['remote'] = { state: 'off', reason: 'the host is starting' };

  constructor(parts: RemoteServerParts) {
    this.#parts = parts;
  }

  get info(): AccessInfo['remote'] {
    return this.#info;
  }

  /** Every name under which this machine is reached: its own, those of its interfaces, those that a person set. */
  names(): readonly string[] {
    const { interfaces, configuration } = this.#parts;
    const name = hostname();
    return [
      ...interfaces.current().map(({ address }) => address),
      ...['127.0.0.1', 'localhost', name, `${name}.local`],
      ...configuration.get<readonly string[]>('remote.names'),
    ];
  }

  /** @param create makes a server that listens nowhere yet. */
  async start(create: (certificate: Certificate) => Promise<WebServer>): Promise<void> {
    this.#create = create;
    const { passwords, configuration } = this.#parts;
    this.#store.add(passwords.onDidChange(() => void this.#reconcile()));
    this.#store.add(
      configuration.onDidChange((keys) => {
        if (keys.some((key) => key.startsWith('remote.'))) void this.#reconcile();
      }),
    );
    await this.#reconcile();
  }

  async close(): Promise<void> {
    this.#store.dispose();
    this.#create = undefined;
    await this.#reconcile();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #reconcile(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#serve());
    return this.#queue;
  }

  async #serve(): Promise<void> {
    const { configuration, passwords, log } = this.#parts;
    const wanted = configuration.get<string>('remote.listen').trim();
    const files = {
      certificate: configuration.get<string>('remote.certificate'),
      key: configuration.get<string>('remote.key'),
    };
    const open = passwords.has('admin') || passwords.has('viewer');
    const next = this.#create !== undefined && wanted !== '' && open ? JSON.stringify([wanted, files]) : '';
    if (next === this.#served && next !== '') return;
    await this.#server?.close();
    if (this.#server !== undefined) log.info('remote.off', 'other machines cannot reach the host any more');
    [this.#server, this.#served] = [undefined, next];
    if (next === '') {
      const reason = wanted === '' ? 'the setting remote.listen is empty' : 'no password is set';
      this.#info = { state: 'off', reason };
      return;
    }
    try {
      await this.#open(parseListenAddress(wanted, 'remote.listen'), files);
    } catch (error) {
      const { message } = toProblem(error);
      this.#served = '';
      this.#info = { state: 'failed', reason: message };
      log.error('remote.failed', `other machines cannot reach the host: ${message}`);
    }
  }

  async #open({ host, port }: ListenAddress, files: { certificate: string; key: string }): Promise<void> {
    const { paths, log, interfaces } = this.#parts;
    const certificate =
      files.certificate === ''
        ? await ownCertificate({ certificate: paths.certificate, key: paths.certificateKey })
        : readCertificate(files);
    const server = await this.#create?.(certificate);
    if (server === undefined) return;
    const { port: actual } = new URL(await server.listen(host, port));
    this.#server = server;
    const everywhere = host === '0.0.0.0' || host === '::';
    const hosts = everywhere ? interfaces.current().map(({ address }) => address) : [host];
    const urls = hosts.map((each) => `https://${each.includes(':') ? `[${each}]` : each}:${actual}/`);
    this.#info = { state: 'on', urls, fingerprint: certificate.fingerprint };
    log.info('remote.on', `other machines reach the host at ${urls.join(' ')}`, {
      fingerprint: certificate.fingerprint,
    });
  }
}

export const RemoteServerToken = createToken<RemoteServer>('RemoteServer');
