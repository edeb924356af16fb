import type { RtspCredentials } from './rtsp-authentication.ts';

/** Port of RTSP (RFC 2326 section 3.2). */
export const rtspPort = 554;

export interface RtspUrl {
  readonly host: string;
  readonly port: number;
  /** As it is asked for, without user and password. */
  readonly text: string;
  readonly credentials?: RtspCredentials;
}

/** Reads `rtsp://[user:password@]host[:port]/path`; undefined if it is none. */
export function readRtspUrl(text: string): RtspUrl | undefined {
  if (text.length > 1024 || !/^rtsp:\/\//i.test(text)) return undefined;
  try {
    // As http: the rules for the host are then those of the web, a number is an address.
    const url = new URL(text.replace(/^rtsp:/i, 'http:'));
    const port = url.port === '' ? (/:80(\/|$)/.test(text.slice(7)) ? 80 : rtspPort) : Number(url.port);
    const credentials = { user: decoded(url.username), password: decoded(url.password) };
    const isAnonymous = url.username === '' && url.password === '';
    // What ends a line would end a header.
    if (/[\u0000-\u001f\u007f]/.test(credentials.user + credentials.password)) return undefined;
    if (url.hostname === '' || port < 1) return undefined;
    const place = port === rtspPort ? url.hostname : `${url.hostname}:${port}`;
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port,
      text: `rtsp://${place}${url.pathname}${url.search}`,
      ...(!isAnonymous && { credentials }),
    };
  } catch {
    return undefined;
  }
}

/** A percent sign that encodes nothing is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function byName(host: string, port: number, name: string): string {
  return `rtsp://${host}:${port}/by-name/${encodeURIComponent(name)}`;
}

export function byId(host: string, port: number, id: string): string {
  return `rtsp://${host}:${port}/by-id/${encodeURIComponent(id)}`;
}

/** Path of a request's URI, decoded; undefined if it is nonsense. */
export function pathOf(uri: string): string | undefined {
  const path = /^rtsp:\/\/[^/]*(\/.*)?$/i.exec(uri)?.[1] ?? (uri.startsWith('/') ? uri : undefined);
  try {
    return path && decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
