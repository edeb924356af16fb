import {
  classifyIpv4,
  inSameSubnet,
  isAdminScoped,
  isMulticast,
  isNullClockIdentity,
  parseDestination,
  parseIpv4,
  refuseDestination,
  toClockIdentity,
  toMac,
} from '@tutti/model';
import { describe, expect, it } from 'vitest';

describe('IPv4 addresses', () => {
  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4 ',
    'a.b.c.d',
    '1.2.3.-4',
    '1.2.3.4\n',
  ])('%j is none', (text) => {
    expect(parseIpv4(text)).toBeUndefined();
    expect(refuseDestination(text)).toContain('not an IPv4 address');
  });

  it.each([
    ['0.0.0.0', 'unspecified'],
    ['127.0.0.1', 'loopback'],
    ['224.0.0.251', 'linkLocalMulticast'],
    ['224.0.1.129', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['10.1.2.3', 'unicast'],
    ['169.254.3.4', 'unicast'],
  ])('%s is %s', (address, kind) => {
    expect(classifyIpv4(address)).toBe(kind);
    expect(refuseDestination(address) === undefined).toBe(kind === 'unicast' || kind === 'multicast');
  });

  it('are multicast from 224 to 239, administratively scoped in 239', () => {
    expect([isMulticast('224.0.0.1'), isMulticast('239.1.1.1'), isMulticast('223.1.1.1')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([isAdminScoped('239.0.0.1'), isAdminScoped('232.0.0.1')]).toEqual([true, false]);
  });

  it('share a subnet or not', () => {
    expect(inSameSubnet('10.1.2.3', '10.1.9.9', '255.255.0.0')).toBe(true);
    expect(inSameSubnet('10.1.2.3', '10.1.9.9', '255.255.255.0')).toBe(false);
    expect(inSameSubnet('10.1.2.3', 'nonsense', '255.255.255.0')).toBe(false);
  });
});

describe('parseDestination', () => {
  it('reads a group with and without a port', () => {
    expect(parseDestination('239.69.1.10')).toEqual({
      ok: true,
      value: { address: '239.69.1.10', port: 5004 },
    });
    expect(parseDestination('239.69.1.10:6000')).toEqual({
      ok: true,
      value: { address: '239.69.1.10', port: 6000 },
    });
  });

  it.each([
    '',
    '239.1.1',
    '127.0.0.1',
    '224.0.0.1:5004',
    '239.1.1.1:0',
    '239.1.1.1:65536',
    '239.1.1.1:x',
    '1:2:3',
  ])('refuses %j, naming the field', (text) => {
    expect(parseDestination(text)).toMatchObject({ ok: false, error: { code: 'invalid', field: 'dest' } });
  });
});

describe('clock identities', () => {
  it('are EUI-64, or MAC addresses expanded to it', () => {
    expect(toClockIdentity('02-1b-77-ff-fe-ac-b5-4f')).toBe('02-1B-77-FF-FE-AC-B5-4F');
    expect(toClockIdentity('02-1b-77-ac-b5-4f')).toBe('02-1B-77-FF-FE-AC-B5-4F');
    expect(toClockIdentity('02-1b-77-ac-b5')).toBeUndefined();
    expect(toMac('0a:0b:0c:0d:0e:0f')).toBe('0A-0B-0C-0D-0E-0F');
  });

  it('say nothing when they are all zero', () => {
    expect(isNullClockIdentity('00-00-00-00-00-00-00-00')).toBe(true);
    expect(isNullClockIdentity('00-00-00-FF-FE-00-00-00')).toBe(true);
    expect(isNullClockIdentity('02-00-00-FF-FE-00-00-00')).toBe(false);
  });
});
