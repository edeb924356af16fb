/** What a receive channel says about its subscription, for people. */
export interface SubscriptionStatus {
  readonly state: 'none' | 'receiving' | 'pending' | 'failed';
  /** Without a full stop, as a part of a sentence. */
  readonly text: string;
}

/** 0, 1, 4, 9 and 10 stand in the corpus (arc/*_get_receivers_response.bin, protocol_2729_opcode_3000_id_*.bin); the rest is published work's. */
const texts: Readonly<Record<number, readonly [SubscriptionStatus['state'], string]>> = {
  0x00: ['none', 'not subscribed'],
  0x01: ['pending', 'its transmitter is not found'],
  0x02: ['pending', 'found, not connected yet'],
  0x03: ['failed', 'its transmitter could not be found'],
  0x04: ['receiving', 'from itself'],
  0x07: ['pending', 'idle'],
  0x08: ['pending', 'connecting'],
  0x09: ['receiving', 'receiving by unicast'],
  0x0a: ['receiving', 'receiving by multicast'],
  0x0f: ['failed', 'the transmitter does not answer'],
  0x10: ['failed', 'the transmitter has another format'],
  0x11: ['failed', 'the transmitter has another format'],
  0x12: ['failed', 'the receiver has no flow left'],
  0x13: ['failed', 'the receiver could not make a flow'],
  0x14: ['failed', 'the transmitter has no flow left'],
  0x15: ['failed', 'the transmitter could not make a flow'],
  0x16: ['failed', 'the receiver has no bandwidth left'],
  0x17: ['failed', 'the transmitter has no bandwidth left'],
  0x18: ['failed', 'the receiver rejects the address'],
  0x19: ['failed', 'the transmitter rejects the message'],
  0x1a: ['failed', 'the latency is too small for the transmitter'],
  0x1b: ['failed', 'they are in different clock domains'],
  0x1d: ['failed', 'the receiver has no link'],
  0x1e: ['failed', 'the transmitter has no link'],
  0x20: ['failed', 'there is no such channel'],
  0xff: ['failed', 'the device reports a failure'],
};

export function explainStatus(status: number): SubscriptionStatus {
  const known = texts[status];
  if (known) return { state: known[0], text: known[1] };
  return { state: 'failed', text: `unknown state 0x${status.toString(16)}` };
}
