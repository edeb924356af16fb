import { describe, expect, it } from 'vitest';
import { readChallenges, RtspAuthentication } from '../src/rtsp-authentication.ts';

/** The example of RFC 7616 section 3.9.1, once with each hash. */
const mufasa = { user: 'Mufasa', password: 'Circle of Life' };
const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const offer = (algorithm: string, more = ''): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}", ` +
  `opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"${more}`;
const asked = (header: string, credentials = mufasa): RtspAuthentication => {
  const authentication = new RtspAuthentication(credentials, () => cnonce);
  expect(authentication.challenge(header)).toBe(true);
  return authentication;
};
const responseIn = (header = ''): string | undefined => /response="([^"]*)"/.exec(header)?.[1];

describe('an answer to a server that wants a password', () => {
  it('is the one of RFC 7616, with either hash', () => {
    const md5 = asked(offer('MD5')).header('GET', '/dir/index.html');
    expect(responseIn(md5)).toBe('8ca523f5e9506fed4657c9700eebdbec');
    expect(md5).toMatch(/nc=00000001, cnonce="f2/);
    const sha = asked(offer('SHA-256')).header('GET', '/dir/index.html');
    expect(responseIn(sha)).toBe('753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
    expect(sha).toMatch(/opaque="FQhe/);
  });

  it('is that of RFC 2617 where there is no qop, and counts where there is', () => {
    // RFC 2069 section 2.4 with the correction of its errata.
    const old = asked('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"', {
      user: 'Mufasa',
      password: 'CircleOfLife',
    });
    expect(responseIn(old.header('GET', '/dir/index.html'))).toBe('1949323746fe6a43ef61f9606e7febea');
    const counting = asked(offer('MD5'));
    counting.header('GET', '/a');
    expect(counting.header('GET', '/a')).toMatch(/nc=00000002/);
  });

  it('is the strongest of what is offered, in one header or in several', () => {
    const basic = 'Basic realm="a \\"b\\""';
    expect(asked(`${basic}, ${offer('MD5')}, ${offer('SHA-256')}`).header('X', '/')).toMatch(
      /algorithm=SHA-256/,
    );
    expect(asked(`${offer('SHA-512')}, ${basic}`).header('X', '/')).toBe(
      'Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl',
    );
    expect(readChallenges(basic)[0]?.parameters.get('realm')).toBe('a "b"');
    expect(new RtspAuthentication(mufasa).challenge('Negotiate abc')).toBe(false);
  });

  it('is not given twice to the same question, but to a fresh nonce when the old one is too old', () => {
    const once = asked(offer('MD5'));
    expect(once.challenge(offer('MD5'))).toBe(false);
    expect(once.challenge(offer('MD5').replace(nonce, 'another'))).toBe(false);
    expect(once.challenge(offer('MD5', ', stale=TRUE').replace(nonce, 'another'))).toBe(true);
  });

  it('does not mind what a hostile server asks', () => {
    for (const text of [
      '',
      ',',
      'Digest',
      '=',
      'Digest nonce="',
      `Digest ${'a=b,'.repeat(2000)}`,
      ' ,'.repeat(4000),
    ])
      expect(() => new RtspAuthentication(mufasa).challenge(text)).not.toThrow();
  });
});
