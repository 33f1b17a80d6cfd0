import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bodyMd5, sign, signedHeaders } from '../../../src/platforms/megvii/sign.ts';

const utf8 = new TextEncoder();
const keys = { appKey: 'appkey1', secretKey: 'sdfajk3242324fa!djq7' };

describe('Megvii signature', () => {
  it('makes the digest and the signature the document prints (接口鉴权 1.3)', () => {
    const digest = bodyMd5(utf8.encode('{"pageNum":1,"pageSize":10}'));
    expect(digest).toBe('675c299bcd88edf31c09c48f9c7fba4b');
    expect(
      sign({
        method: 'POST',
        uri: '/v1/api/person/list',
        query: '',
        bodyMd5: digest,
        timestamp: 1627300328673,
        nonce: '1234344',
        ...keys,
      }),
    ).toBe('52141def7a1e346ceee2f22c43d5fb97');
  });

  it('sends a nonce of six characters and signs that one', () => {
    const body = utf8.encode('{}');
    const headers = signedHeaders({ method: 'POST', uri: '/v1/api/org/tree', body }, keys, {
      timestamp: 1_700_000_000_000,
      nonce: '0123456789abcdef',
    });
    const text = `/v1/api/org/tree-POST--${bodyMd5(body)}-${keys.secretKey}-1700000000000-012345-appkey1`;
    expect(headers).toEqual({
      ctimestamp: '1700000000000',
      cnonce: '012345',
      cappkey: 'appkey1',
      csign: createHash('md5').update(text).digest('hex'),
    });
  });

  it('signs an empty digest for a file upload', () => {
    const moment = { timestamp: 1, nonce: 'abcdef' };
    const { csign } = signedHeaders({ method: 'POST', uri: '/v1/api/person/uploadImage', body: null }, keys, moment);
    const text = `/v1/api/person/uploadImage-POST---${keys.secretKey}-1-abcdef-appkey1`;
    expect(csign).toBe(createHash('md5').update(text).digest('hex'));
  });

  it('signs a query as it stands in the address', () => {
    const moment = { timestamp: 1, nonce: 'abcdef' };
    const { csign } = signedHeaders(
      { method: 'GET', uri: '/v1/x', query: 'name=张三&age=28', body: null },
      keys,
      moment,
    );
    const text = `/v1/x-GET-name=张三&age=28--${keys.secretKey}-1-abcdef-appkey1`;
    expect(csign).toBe(createHash('md5').update(text, 'utf8').digest('hex'));
  });
});
