import { createHash } from 'node:crypto';
import { FaultBoard } from '../../../src/lab/core/faults.ts';
import { hostPlatform } from '../../../src/lab/core/server.ts';
import { type SimulatedMegvii, simulateMegvii } from '../../../src/lab/megvii/index.ts';

export const secret = 'sdfajk3242324fa!djq7';
export const staffGroup = '976055aae31445c5a583ebc1a53c7514';

/** An answer of the box; `data` as loose as JSON is. */
export interface Envelope {
  code: number;
  msg: string;
  data?: unknown;
}

export interface Signing {
  timestamp?: string;
  nonce?: string;
  appKey?: string;
  secret?: string;
  /** Signed in place of the body's own digest. */
  bodyMd5?: string;
}

const md5 = (data: string) => createHash('md5').update(data).digest('hex');
let nonces = 0;

/** A box of its own with a clock the test moves, and a client written from the document alone. */
export async function startBox() {
  const clock = { now: Date.parse('2026-03-02T09:00:00+08:00') };
  let box: SimulatedMegvii | undefined;
  const hosted = await hostPlatform(
    'megvii',
    (context) => {
      box = simulateMegvii(context);
      return box;
    },
    { port: 0, now: () => clock.now, faults: new FaultBoard() },
  );
  if (box === undefined) throw new Error('the lab made no box');
  const platform = box;

  const headers = (method: string, path: string, body: string, signing: Signing): Record<string, string> => {
    nonces += 1;
    const timestamp = signing.timestamp ?? String(clock.now);
    const nonce = signing.nonce ?? String(100_000 + nonces);
    const appKey = signing.appKey ?? 'appkey1';
    const digest = signing.bodyMd5 ?? (body === '' ? '' : md5(body));
    const key = signing.secret ?? secret;
    const csign = md5([path, method, '', digest, key, timestamp, nonce, appKey].join('-'));
    return { ctimestamp: timestamp, cnonce: nonce, cappkey: appKey, csign };
  };

  const post = async (path: string, body: unknown, signing: Signing = {}): Promise<Envelope> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(hosted.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers('POST', path, text, signing) },
      body: text,
    });
    return (await answer.json()) as Envelope;
  };

  const upload = async (path: string, bytes: Buffer, filename = 'face.jpg', field = 'file'): Promise<Envelope> => {
    const form = new FormData();
    form.set(field, new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), filename);
    const answer = await fetch(hosted.url + path, {
      method: 'POST',
      headers: headers('POST', path, '', {}),
      body: form,
    });
    return (await answer.json()) as Envelope;
  };

  const get = async (path: string, signing: Signing = {}): Promise<Envelope> =>
    (await (await fetch(hosted.url + path, { headers: headers('GET', path, '', signing) })).json()) as Envelope;

  /** Uploads for enrolment and gives the uri. */
  const uri = async (bytes: Buffer): Promise<string> => {
    const { data } = await upload('/v1/api/person/uploadImage', bytes);
    return (data as { uri: string }).uri;
  };

  /** Adds one person; the single entry of `successes` or `failures`. */
  const add = async (person: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { code, data } = await post('/v1/api/person/batchAdd', { personList: [person] });
    if (code !== 0) throw new Error(`batchAdd as a whole was refused: ${code}`);
    const { successes, failures } = data as Record<'successes' | 'failures', Record<string, unknown>[]>;
    const [entry = {}] = [...successes, ...failures];
    return entry;
  };

  return { clock, platform, url: hosted.url, post, upload, get, uri, add, close: hosted.close };
}

export type Box = Awaited<ReturnType<typeof startBox>>;
