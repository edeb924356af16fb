/** A session that a server opened for us (RFC 2326 section 12.37). */
export interface RtspSession {
  /** As it is given back in every request. */
  readonly id: string;
  /** After this long without a word from us the server ends it, seconds. */
  readonly timeout: number;
}

/** Where a header gives none. */
const usualTimeout = 60;

/** Reads `Session: 4711;timeout=60`. The id is opaque, and is written back: what could end a header is no id. */
export function readSession(header = ''): RtspSession | undefined {
  const match = /^\s*([^\s;,]{1,256})\s*(?:;\s*timeout\s*=\s*(\d{1,6}))?/i.exec(header);
  if (match?.[1] === undefined) return undefined;
  const timeout = Number(match[2] ?? usualTimeout);
  return { id: match[1], timeout: timeout > 0 ? timeout : usualTimeout };
}

/** What we ask for: RTP to a port of ours, RTCP to the next one (RFC 2326 section 12.39). */
export function writeTransport(port: number): string {
  return `RTP/AVP;unicast;client_port=${port}-${port + 1}`;
}

/** Why the transport that a server chose is not the one we asked for; undefined if it is. */
export function refuseTransport(header: string, port: number): string | undefined {
  const [profile = '', ...parameters] = header.split(';').map((each) => each.trim().toLowerCase());
  if (!/^rtp\/avp(\/udp)?$/.test(profile) || parameters.includes('multicast'))
    return `it answered with the transport "${header.slice(0, 80)}"`;
  const ports = parameters.find((each) => each.startsWith('client_port='))?.slice('client_port='.length);
  if (ports !== undefined && Number(ports.split('-')[0]) !== port)
    return `it sends to port ${ports.slice(0, 20)} instead of ${port}`;
  return undefined;
}

/**
 * URL of an `a=control` value; `*` and nothing are the description itself. Relative ones are appended, as servers mean it
 * and clients do, also where the base does not end in a slash.
 *
 * @throws Error if it is no URL that could be asked for
 */
export function resolveControl(control: string, base: string): string {
  const isAbsolute = /^rtspu?:\/\//i.test(control);
  const joined =
    control === '' || control === '*'
      ? base
      : isAbsolute
        ? control
        : `${base.replace(/\/$/, '')}/${control.replace(/^\//, '')}`;
  if (/^rtspu?:\/\/[!-~]{1,2000}$/i.test(joined)) return joined;
  throw new Error(`the description names no URL to ask at: "${joined.slice(0, 80)}"`);
}

/** `a=control` of the session as a whole: what is above the first medium. */
export function sessionControl(sdp: string): string {
  const head = sdp.split(/^m=/m, 1)[0] ?? '';
  return /^a=control:[ \t]*([^\r\n]*?)[ \t]*$/m.exec(head)?.[1] ?? '*';
}
