import { fail } from '@tutti/base';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT`, an IPv6 host in brackets. @throws TuttiError `invalid`, naming `field`. */
export function parseListenAddress(text: string, field: string): ListenAddress {
  const match = /^(\[[0-9a-f:]+\]|[^:]+):(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port > 65535) {
    throw fail('invalid', `"${text}" is not HOST:PORT`, {
      field,
      fix: 'as in 127.0.0.1:8067; port 0 is any free one',
    });
  }
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

/** Of this machine alone: without TLS nothing else may reach the host. @throws TuttiError `invalid`, `unsupported`. */
export function readListen(text: string): ListenAddress {
  const address = parseListenAddress(text, 'http');
  const { host } = address;
  if (host !== 'localhost' && host !== '::1' && !/^127\.\d+\.\d+\.\d+$/.test(host)) {
    throw fail('unsupported', `without TLS the host API listens on the loopback only, not on ${host}`, {
      field: 'http',
      fix: 'for other machines set a password ("tutti access set-password") and the setting remote.listen',
    });
  }
  return address;
}
