import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createSecureContext } from 'node:tls';
import { fail } from '@tutti/base';
import { writeAtomically } from '../platform/atomic-file.ts';

export interface Certificate {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** SHA-256 of the certificate, hexadecimal with colons: what a person compares in the browser. */
  readonly fingerprint: string;
}

/** Where PEM files lie. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Browsers refuse certificates that are valid for longer than 825 days. */
const validDays = 800;

/** Reads a certificate and its key. @throws TuttiError `invalid` if a file is missing, is no PEM, or the two do not fit. */
export function readCertificate(files: CertificateFiles): Certificate {
  try {
    const certificate = readFileSync(files.certificate, 'utf8');
    const key = readFileSync(files.key, 'utf8');
    createSecureContext({ cert: certificate, key });
    return { certificate, key, fingerprint: new X509Certificate(certificate).fingerprint256 };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fail('invalid', `the certificate ${files.certificate} cannot be used: ${reason}`, {
      field: 'remote.certificate',
      fix: 'name PEM files of a certificate and its key, or neither: then one is made',
    });
  }
}

/**
 * The instance's own certificate: signed by itself, so that browsers ask once, and made anew when it is about to end. A person
 * compares the fingerprint that the command line shows.
 */
export async function ownCertificate(files: CertificateFiles, now = new Date()): Promise<Certificate> {
  if (existsSync(files.certificate) && existsSync(files.key)) {
    const found = readCertificate(files);
    const end = new Date(new X509Certificate(found.certificate).validTo);
    if (end.getTime() - now.getTime() > 30 * 24 * 3600 * 1000) return found;
  }
  // Only here: it takes long to load, and few ever need it. A bundle knows no names of a CommonJS module, only its default.
  const { generate } = (await import('selfsigned')).default;
  const name = hostname();
  const notAfterDate = new Date(now.getTime() + validDays * 24 * 3600 * 1000);
  const made = await generate([{ name: 'commonName', value: `Tutti on ${name}` }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: now,
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [name, `${name}.local`, 'localhost'].map((value) => ({ type: 2 as const, value })),
      },
    ],
  });
  await writeAtomically(files.key, made.private);
  await writeAtomically(files.certificate, made.cert);
  chmodSync(files.key, 0o600);
  return readCertificate(files);
}
