import type { MdnsAdvertisement, MdnsWait } from '@tutti/api';
import { fail, TuttiError } from '@tutti/base';

const longestWaitMs = 10_000;
const usualWaitMs = 3000;
/** RFC 6763 section 6.2: what still fits a packet. */
const maxTxtBytes = 1300;

/** What a request for multicast DNS may say; extension host and host look at it alike. @throws TuttiError `invalid`. */
export function checkServiceType(type: string, field = 'type'): void {
  // RFC 6335 section 5.1, RFC 6763 section 7; some devices have longer names than the 15 characters of the RFC.
  if (typeof type === 'string' && /^_[A-Za-z0-9][A-Za-z0-9-]{0,29}\._(tcp|udp)$/i.test(type)) return;
  throw fail('invalid', `"${shorten(type)}" is not the type of a service`, {
    field,
    fix: 'as in _rtsp._tcp, without domain',
  });
}

export function checkSubtype(subtype: string, field = 'subtype'): void {
  if (typeof subtype === 'string' && byteLength(subtype) >= 1 && byteLength(subtype) <= 63) return;
  throw fail('invalid', `"${shorten(subtype)}" is not a subtype`, { field, fix: 'as in _ravenna' });
}

export function checkInstanceName(name: string, field = 'name'): void {
  const isPlain = typeof name === 'string' && !/[\u0000-\u001f\u007f]/.test(name);
  if (isPlain && byteLength(name) >= 1 && byteLength(name) <= 63) return;
  throw fail('invalid', `"${shorten(name)}" is not the name of a service: 1 to 63 bytes`, { field });
}

export function checkAdvertisement(advertisement: MdnsAdvertisement): void {
  const { name, type, subtypes = [], port, txt = {}, interfaces = [] } = advertisement;
  checkInstanceName(name);
  checkServiceType(type);
  if (!Array.isArray(subtypes) || subtypes.length > 8)
    throw fail('invalid', 'at most 8', { field: 'subtypes' });
  for (const each of subtypes as readonly string[]) checkSubtype(each, 'subtypes');
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw fail('invalid', 'a port is from 1 to 65535', { field: 'port' });
  let bytes = 0;
  for (const [key, value] of Object.entries(txt)) {
    const size = byteLength(key) + 1 + byteLength(String(value));
    bytes += size + 1;
    if (!/^[\x20-\x3c\x3e-\x7e]+$/.test(key) || size > 255 || bytes > maxTxtBytes)
      throw fail('invalid', `a TXT pair has a key without "=" and at most 255 bytes, all ${maxTxtBytes}`, {
        field: `txt.${shorten(key)}`,
      });
  }
  if (!Array.isArray(interfaces) || interfaces.length > 64)
    throw fail('invalid', 'a list of names of interfaces', { field: 'interfaces' });
}

/** Milliseconds to wait. */
export function readWait({ timeoutMs = usualWaitMs }: MdnsWait): number {
  if (timeoutMs > 0 && timeoutMs <= longestWaitMs) return timeoutMs;
  throw new TuttiError({
    code: 'invalid',
    field: 'timeoutMs',
    message: `a time to wait is at most ${longestWaitMs} ms`,
  });
}

/** Bytes of a text in UTF-8; this layer has no encoder. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

const shorten = (text: unknown): string => String(text).slice(0, 40);
