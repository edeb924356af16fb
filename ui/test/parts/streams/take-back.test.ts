import { describe, expect, it } from 'vitest';
import { receiverAgain, senderAgain } from '../../../src/parts/streams/take-back.ts';
import { receiver, sender } from '../../stand-in/sample-state.ts';

describe('a receiver that comes back', () => {
  const removed = receiver('r2', 'FOH', 'foh', 8, 17, ['239.69.1.20', '239.70.1.20']);

  it('is on the interfaces that it was on', () => {
    expect(receiverAgain(removed)).toMatchObject({
      sessionId: 'foh',
      interface: 'enp3s0,enp4s0',
      map: '1-8:17-24',
    });
  });

  it('has the timing that a person chose, and else what the host finds out', () => {
    expect(receiverAgain({ ...removed, timing: 'arrival' })).toHaveProperty('timing', 'arrival');
    expect(receiverAgain(removed)).not.toHaveProperty('timing');
  });

  it('needs a description that the host can find again', () => {
    expect(receiverAgain(receiver('r4', 'Pasted', undefined, 2, 1, ['239.1.1.1']))).toBeUndefined();
  });
});

describe('a sender that comes back', () => {
  const removed = sender('s1', 'Playback A', 8, 1, '239.69.20.1');

  it('shares outputs if another one sends them too', () => {
    const same = sender('s2', 'Copy', 2, 8, '239.69.20.2');
    const other = sender('s3', 'Talkback', 2, 9, '239.69.20.3');
    expect(senderAgain(removed, [removed, same])).toHaveProperty('share', true);
    expect(senderAgain(removed, [removed, other])).not.toHaveProperty('share');
  });
});
