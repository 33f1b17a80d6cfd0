import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type ConnectionOptions, connect, TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { type Fault, FaultError } from '#shared/fault';

/** Whom a connector trusts: the system's roots (neither given), one CA file, or one certificate by its fingerprint. */
export interface TlsChoice {
  ca?: string | undefined;
  fingerprint256?: string | undefined;
}

/** A connection that was never made: nothing of the request has left this machine. */
export class ConnectFailure extends Error {
  readonly fault: Fault;
  constructor(fault: Fault, cause?: unknown) {
    super(fault.message, { cause });
    this.name = 'ConnectFailure';
    this.fault = fault;
  }
}

function normal(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toUpperCase();
}

/** Reads the CA file; an unreadable one is the configuration's fault and names its field. */
function readCa(file: string, configDir: string): Buffer {
  try {
    return readFileSync(resolve(configDir, file));
  } catch {
    throw new FaultError({
      kind: 'validation',
      code: 'ca',
      field: 'tls.ca',
      message: 'tls.ca: the certificate file cannot be read; its path is relative to the configuration file',
    });
  }
}

/** What a server's certificate says of itself; names as RFC 2253 writes them. */
export interface ShownCertificate {
  fingerprint256: string;
  subject: string;
  issuer: string;
  /** ISO 8601. */
  validFrom: string;
  validTo: string;
}

/**
 * The certificate a server shows, so that the operator can compare and pin it; null where it shows none. Opens a connection of its own, sends
 * nothing over it and closes it: the trust decision was already made (no) when this is asked.
 */
export function shownCertificate(host: string, port: number, timeoutMs: number): Promise<ShownCertificate | null> {
  return new Promise((done) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      timeout: timeoutMs,
      ...(isIP(host) === 0 && { servername: host }),
    });
    const finish = (certificate: ShownCertificate | null) => {
      socket.destroy();
      done(certificate);
    };
    socket.once('secureConnect', () => finish(readCertificate(socket.getPeerX509Certificate())));
    socket.once('error', () => finish(null));
    socket.once('timeout', () => finish(null));
  });
}

function readCertificate(shown: ReturnType<TLSSocket['getPeerX509Certificate']>): ShownCertificate | null {
  if (shown === undefined) return null;
  const line = (text: string) => text.replaceAll('\n', ', ');
  return {
    fingerprint256: shown.fingerprint256,
    subject: line(shown.subject),
    issuer: line(shown.issuer),
    validFrom: new Date(shown.validFrom).toISOString(),
    validTo: new Date(shown.validTo).toISOString(),
  };
}

const CERTIFICATE_ERRORS = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH/;

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'connect';
}

const HINTS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there: is it switched on, and is the port right?',
  ENOTFOUND: 'the name is unknown: check baseUrl and the network’s DNS',
  EAI_AGAIN: 'the name cannot be looked up: check the network’s DNS',
  EHOSTUNREACH: 'no way to that address: check the network',
  ENETUNREACH: 'no way to that address: check the network',
  UND_ERR_CONNECT_TIMEOUT: 'no answer to the connection: is it switched on, and is the address right?',
  ETIMEDOUT: 'no answer to the connection: is it switched on, and is the address right?',
};

async function explain(error: unknown, host: string, port: number, secure: boolean, timeoutMs: number): Promise<Fault> {
  const code = codeOf(error);
  const where = `${host}:${port}`;
  if (secure && CERTIFICATE_ERRORS.test(code)) {
    const shown = (await shownCertificate(host, port, timeoutMs))?.fingerprint256;
    const pin = shown
      ? ` It shows the fingerprint ${shown}: if that is the platform’s own certificate, set tls.fingerprint256 to it.`
      : ' Set tls.ca or tls.fingerprint256 to the platform’s own certificate.';
    return { kind: 'unreachable', code: 'tls', message: `the certificate of ${where} is not trusted (${code}).${pin}` };
  }
  if (secure && /SSL|TLS|EPROTO/.test(code)) {
    return {
      kind: 'unreachable',
      code: 'tls',
      message: `${where} does not speak TLS as expected (${code}): is baseUrl https where the platform speaks http?`,
    };
  }
  const short = code === 'UND_ERR_CONNECT_TIMEOUT' ? 'connect-time-out' : code;
  return {
    kind: 'unreachable',
    code: short,
    message: `cannot connect to ${where} (${short}): ${HINTS[code] ?? 'check the network and the address'}`,
  };
}

/**
 * A connector for undici that trusts what the configuration says and nothing else. With a pinned fingerprint the chain does not
 * matter (these boxes carry self-signed certificates), but the leaf is compared before the socket is handed over: undici
 * writes no byte of the request to a socket it has not been given.
 */
export function trustingConnector(choice: TlsChoice, configDir: string, timeoutMs: number): buildConnector.connector {
  const pinned = choice.fingerprint256 === undefined ? null : normal(choice.fingerprint256);
  const options: ConnectionOptions = pinned !== null ? { rejectUnauthorized: false } : {};
  if (choice.ca !== undefined) options.ca = readCa(choice.ca, configDir);
  // No cached sessions: a resumed one would skip the check of the host name.
  const dial = buildConnector({ ...options, timeout: timeoutMs, maxCachedSessions: 0 } as buildConnector.BuildOptions);

  return (target, done) => {
    const secure = target.protocol === 'https:';
    const port = Number(target.port) || (secure ? 443 : 80);
    dial(target, (error, socket) => {
      if (error !== null) {
        void explain(error, target.hostname, port, secure, timeoutMs).then((fault) =>
          done(new ConnectFailure(fault, error), null),
        );
        return;
      }
      if (socket instanceof TLSSocket && pinned !== null) {
        const shown = socket.getPeerCertificate().fingerprint256;
        if (shown === undefined || normal(shown) !== pinned) {
          socket.destroy();
          const message = `${target.hostname}:${port} shows another certificate than the pinned one (${shown ?? 'none'}): it was renewed, or somebody sits in between. Nothing was sent.`;
          done(new ConnectFailure({ kind: 'unreachable', code: 'tls', message, field: 'tls.fingerprint256' }), null);
          return;
        }
      }
      done(null, socket);
    });
  };
}
