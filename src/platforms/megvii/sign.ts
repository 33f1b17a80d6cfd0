import { createHash } from 'node:crypto';

/** MD5 of the very bytes that are sent, 32 lower-case hexadecimal digits. */
export function bodyMd5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

export interface SignatureInput {
  /** Upper case. */
  method: string;
  /** The API's own path (`/v1/api/person/list`), without a query. */
  uri: string;
  /** `name=value&…` as it stands in the URL; empty without a query. */
  query: string;
  /** `bodyMd5` of a JSON body; the empty string for a file upload. */
  bodyMd5: string;
  secretKey: string;
  /** Unix milliseconds. */
  timestamp: number;
  nonce: string;
  appKey: string;
}

/**
 * `csign` of one request (chapter 接口鉴权 1.2 签名计算规则):
 * MD5 of `uri-method-query-bodyMd5-secretKey-ctimestamp-cnonce-cappkey`.
 */
export function sign(input: SignatureInput): string {
  const { uri, method, query, bodyMd5: digest, secretKey, timestamp, nonce, appKey } = input;
  const text = [uri, method, query, digest, secretKey, timestamp, nonce, appKey].join('-');
  return createHash('md5').update(text, 'utf8').digest('hex');
}

export interface Credentials {
  appKey: string;
  secretKey: string;
}

/**
 * The four headers every request carries (chapter 接口鉴权 1.1 鉴权方式).
 *
 * `body` is what goes over the line: the bytes of a JSON body, or null for a multipart upload, whose digest is the empty string
 * (1.2: only a file upload may leave it empty; the SDK's `encryptMd5` returns an empty text unchanged).
 */
export function signedHeaders(
  request: { method: string; uri: string; query?: string; body: Uint8Array | null },
  credentials: Credentials,
  moment: { timestamp: number; nonce: string },
): Record<string, string> {
  // "6位随机字符串": six characters, letters allowed.
  const nonce = moment.nonce.slice(0, 6);
  return {
    ctimestamp: String(moment.timestamp),
    cnonce: nonce,
    cappkey: credentials.appKey,
    csign: sign({
      method: request.method,
      uri: request.uri,
      query: request.query ?? '',
      bodyMd5: request.body === null ? '' : bodyMd5(request.body),
      secretKey: credentials.secretKey,
      timestamp: moment.timestamp,
      nonce,
      appKey: credentials.appKey,
    }),
  };
}
