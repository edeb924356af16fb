import { quote, words, type SdpLine } from './lines.ts';
import type { ProblemList } from './problems.ts';
import type { SessionOrigin } from './session.ts';

/** Reads `o=<user> <sess-id> <sess-version> IN IP4 <addr>` (RFC 8866 section 5.2). */
export function readOrigin(line: SdpLine | undefined, problems: ProblemList): SessionOrigin | undefined {
  if (!line) {
    const start = { line: 1, column: 1 };
    problems.error(
      'missing-origin',
      start,
      'There is no o= line, so the session cannot be told from others.',
    );
    return undefined;
  }
  const parts = words(line.value, line);
  const [user, id, version, network, type, address] = parts;
  if (!user || !id || !version || !network || !type || !address || parts.length > 6) {
    const message = `o= must have six parts, as in "- 1 1 IN IP4 10.0.0.1", and has ${parts.length}.`;
    problems.error('bad-origin', line, message);
    return undefined;
  }
  for (const part of [id, version]) {
    if (!/^\d+$/.test(part.text)) {
      problems.warning('origin-not-decimal', part, `${quote(part.text)} should be a decimal number.`);
    }
  }
  const addressType = type.text.toUpperCase();
  if (network.text.toUpperCase() !== 'IN' || (addressType !== 'IP4' && addressType !== 'IP6')) {
    problems.warning('origin-network', network, 'The network should be "IN IP4" or "IN IP6".');
  }
  return {
    username: user.text,
    sessionId: id.text,
    sessionVersion: version.text,
    addressType: addressType === 'IP6' ? 'IP6' : 'IP4',
    address: address.text,
  };
}
