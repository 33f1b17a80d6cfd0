import { isIP } from 'node:net';
import { z } from 'zod';
import type { Words } from '#shared/platform-form';
import { told } from './form.ts';

/** A certificate's SHA-256 fingerprint, colons or not, any case. */
const fingerprint = z
  .string()
  .regex(/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i, 'a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons');

const tls = z.strictObject({
  ca: told(z.string().min(1).optional(), {
    label: { en: 'Own certificate authority', 'zh-CN': '自有证书颁发机构' },
    help: {
      en: 'A PEM file with the certificate of the authority that signed this platform’s.',
      'zh-CN': '签发该平台证书的机构的 PEM 证书文件。',
    },
    section: 'trust',
  }),
  fingerprint256: told(fingerprint.optional(), {
    label: { en: 'Certificate’s fingerprint', 'zh-CN': '证书指纹' },
    help: {
      en: 'SHA-256, as the platform’s own page or administrator shows it. Only this certificate is trusted then.',
      'zh-CN': 'SHA-256 指纹，以平台页面或其管理员提供的为准。设置后只信任这一张证书。',
    },
    section: 'trust',
  }),
});

const milliseconds = z.number().int().min(100).max(300_000);

/** How long one part of a request may take; `usual` counts where a site says nothing. */
const patience = (label: Words, usual: string) =>
  told(milliseconds.optional(), {
    label,
    help: {
      en: 'How long the station waits before it says that nobody answered.',
      'zh-CN': '站点等待多久后认定无应答。',
    },
    section: 'more',
    default: { en: usual, 'zh-CN': usual },
  });

/** Port of a platform's own WebSocket, where it pushes recognitions; both documents that have one say 9000. */
export const pushPort = z.number().int().min(1).max(65_535);

/** The fields all platforms share. Each room extends this with its own (interfaces.md, "Configuration"). */
export const baseConfig = z.strictObject({
  baseUrl: told(z.url({ protocol: /^https?$/, message: 'an http or https address' }), {
    label: { en: 'Address', 'zh-CN': '地址' },
    help: {
      en: 'As in a browser: https://, name or number, and the port where it has one of its own.',
      'zh-CN': '与浏览器中相同：https://、主机名或 IP，如有单独端口请一并填写。',
    },
  }),
  tls: tls.optional(),
  allowHttp: told(z.boolean().optional(), {
    label: { en: 'Allow plain HTTP', 'zh-CN': '允许明文 HTTP' },
    help: {
      en: 'Faces, names and signatures can then be read by anybody on the way. Only where the platform speaks nothing else.',
      'zh-CN': '途中任何人都能读取人脸、姓名和签名。仅在平台不支持加密时使用。',
    },
    section: 'trust',
  }),
  timeouts: z
    .strictObject({
      connectMs: patience({ en: 'Time to connect, ms', 'zh-CN': '连接时限（毫秒）' }, '5000'),
      headersMs: patience({ en: 'Time to begin an answer, ms', 'zh-CN': '开始应答时限（毫秒）' }, '15000'),
      bodyMs: patience({ en: 'Time to finish an answer, ms', 'zh-CN': '完成应答时限（毫秒）' }, '15000'),
    })
    .optional(),
});

/** Whether a host name is this very machine: then plain HTTP leaves it on no wire. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}

/**
 * Plain HTTP is taken to a loopback address, and elsewhere only where the owner said `"allowHttp": true`, knowingly.
 * Returns what is wrong in plain words, or null.
 */
export function plainHttpProblem(config: { baseUrl: string; allowHttp?: boolean | undefined }): string | null {
  const url = new URL(config.baseUrl);
  if (url.protocol === 'https:' || config.allowHttp || isLoopback(url.hostname)) return null;
  return 'baseUrl: plain HTTP would send faces and signatures readable over the network; use https, or set "allowHttp": true if you accept that';
}
