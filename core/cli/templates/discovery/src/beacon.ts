/** A datagram: `+` or `-` and a session description. `-` says that the session is gone. */
export interface Beacon {
  readonly kind: 'there' | 'gone';
  readonly sdp: string;
  /** What stays the same over all versions of a session: its o= line without the version (RFC 8866 section 5.2). */
  readonly identity: string;
}

/** Characters of a description: announcements of audio streams have some hundred. */
const mostCharacters = 4_096;

/** Reads a beacon. Outside data: whatever is wrong with it is answered by undefined, never by an exception. */
export function readBeacon(bytes: Uint8Array): Beacon | undefined {
  if (bytes.length < 2 || bytes.length > mostCharacters) return undefined;
  const kind = bytes[0] === 0x2b ? 'there' : bytes[0] === 0x2d ? 'gone' : undefined;
  const sdp = new TextDecoder().decode(bytes.subarray(1));
  const origin = /^v=0\r?\no=([^\r\n]{1,512})/.exec(sdp)?.[1]?.trim().split(/\s+/);
  if (kind === undefined || origin?.length !== 6) return undefined;
  return { kind, sdp, identity: origin.filter((_, i) => i !== 2).join(' ') };
}
