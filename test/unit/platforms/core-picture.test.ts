import { describe, expect, test } from 'vitest';
import { beginsLikePicture, fetchPicture, pictureAddress, picturePrinted } from '#platforms/core/picture';
import { FaultError } from '#shared/fault';

const http = { baseUrl: 'http://10.0.0.5:8080/api' };
const https = { baseUrl: 'https://box.example/api' };

describe('where a picture is fetched', () => {
  test.each<[string | null, { baseUrl: string }, boolean, string | null]>([
    ['/pub/1?a=b', http, false, 'http://10.0.0.5:8080 /pub/1?a=b'],
    ['http://10.0.0.5/pub/1', http, false, 'http://10.0.0.5 /pub/1'],
    ['https://box.example:9443/pub/1', https, false, 'https://box.example:9443 /pub/1'],
    // Never less safely than the platform itself.
    ['http://box.example/pub/1', https, false, 'https://box.example /pub/1'],
    ['https://cloud.example/1?sig=2', https, true, 'https://cloud.example /1?sig=2'],
    ['https://cloud.example/1', https, false, null],
    ['http://cloud.example/1', https, true, null],
    ['http://cloud.example/1', http, true, null],
    ['//cloud.example/1', http, true, null],
    ['https://me:secret@box.example/1', https, true, null],
    ['file:///etc/passwd', http, true, null],
    ['5cbe7dec35060d0001750f15', http, true, null],
    ['', http, true, null],
    [null, http, true, null],
  ])('%s of %o, elsewhere %s: %s', (named, config, elsewhere, expected) => {
    const address = pictureAddress(named, config, elsewhere);
    expect(address && `${address.baseUrl} ${address.path}`).toBe(expected);
  });
});

test('what begins like a picture', () => {
  expect(beginsLikePicture(Buffer.from([0xff, 0xd8, 0xff, 0xe0]))).toBe(true);
  expect(beginsLikePicture(Buffer.from('<html>'))).toBe(false);
  expect(picturePrinted('data:image/jpeg;base64,/9j/4AAQ')).toEqual(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
  expect(picturePrinted('aGVsbG8=')).toBeNull();
  expect(picturePrinted('')).toBeNull();
});

describe('fetching', () => {
  const answering = (status: number, bytes: Uint8Array) => ({
    request: async () => ({ status, headers: {}, bytes, sentAt: 0, receivedAt: 0, serverDate: null }),
  });
  const from = { baseUrl: 'https://x.example', path: '/1' };
  const { signal } = new AbortController();
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);

  test('a picture, nothing there, something else there', async () => {
    expect(await fetchPicture(answering(200, jpeg), from, signal)).toBe(jpeg);
    expect(await fetchPicture(answering(404, jpeg), from, signal)).toBeNull();
    expect(await fetchPicture(answering(200, Buffer.from('{"code":1}')), from, signal)).toBeNull();
  });

  test.each([
    [500, 'server'],
    [429, 'rate'],
  ])('HTTP %i is a fault', async (status, kind) => {
    const error = await fetchPicture(answering(status, Buffer.from('{"code":1}')), from, signal).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(FaultError);
    expect(error).toMatchObject({ fault: { kind } });
  });
});
