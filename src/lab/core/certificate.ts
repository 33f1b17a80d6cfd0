// The polyfill @peculiar/x509's container wants, loaded before it.
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

/** A key with a certificate of its own, in PEM. */
export interface LabCertificate {
  key: string;
  cert: string;
  /** SHA-256 of the certificate, as `AB:CD…`, the way a configuration pins it. */
  fingerprint256: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 60 * 60 * 1000;

/** A self-signed certificate for 127.0.0.1 and localhost, as boxes on a LAN carry one: nobody vouches for it. It lives as long as the lab. */
export async function selfSigned(): Promise<LabCertificate> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = Date.now();
  const made = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Vestibule lab',
      notBefore: new Date(now - dayMs),
      notAfter: new Date(now + 365 * dayMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new SubjectAlternativeNameExtension([
          { type: 'ip', value: '127.0.0.1' },
          { type: 'dns', value: 'localhost' },
        ]),
      ],
    },
    crypto,
  );
  const cert = made.toString('pem');
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replaceAll(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;
  return { key, cert, fingerprint256: new X509Certificate(cert).fingerprint256 };
}
