/**
 * A PTP clock identity as EUI-64, upper case with dashes. A six-byte MAC, which some senders write instead, is expanded
 * with FF-FE in the middle (IEEE 1588-2008 s.7.5.2.2.2). Undefined if the text is neither.
 */
export function toClockIdentity(text: string): string | undefined {
  const upper = text.toUpperCase();
  if (/^([0-9A-F]{2}-){7}[0-9A-F]{2}$/.test(upper)) return upper;
  const mac = toMac(upper);
  return mac === undefined ? undefined : `${mac.slice(0, 8)}-FF-FE-${mac.slice(9)}`;
}

/** A MAC address, upper case with dashes; colons are accepted. Undefined if the text is none. */
export function toMac(text: string): string | undefined {
  const upper = text.toUpperCase().replaceAll(':', '-');
  return /^([0-9A-F]{2}-){5}[0-9A-F]{2}$/.test(upper) ? upper : undefined;
}

/** All zero, as EUI-64 or as an expanded MAC: written by devices that do not know their grandmaster. */
export function isNullClockIdentity(identity: string): boolean {
  return identity === '00-00-00-00-00-00-00-00' || identity === '00-00-00-FF-FE-00-00-00';
}
