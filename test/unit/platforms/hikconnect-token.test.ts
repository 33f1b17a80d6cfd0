import { describe, expect, it } from 'vitest';
import { laterBaseUrl, renewalTime, type Token, TokenKeeper } from '../../../src/platforms/hikconnect/token.ts';

describe('areaDomain (5.1.1)', () => {
  const https = { baseUrl: 'https://isgp.example.com' };
  const lab = { baseUrl: 'http://127.0.0.1:4000' };

  it.each<[string, { baseUrl: string; allowHttp?: boolean }, string | null | undefined, string]>([
    ['is used', https, 'https://area.example.com', 'https://area.example.com/'],
    ['may come without a scheme', https, 'area.example.com', 'https://area.example.com/'],
    ['may be missing', https, undefined, https.baseUrl],
    ['may be empty', https, '', https.baseUrl],
    ['never leads from https to http', https, 'http://area.example.com', https.baseUrl],
    ['not even with allowHttp', { ...https, allowHttp: true }, 'http://area.example.com', https.baseUrl],
    ['not even to this machine', https, 'http://127.0.0.1:9', https.baseUrl],
    ['may be on this machine where the platform is', lab, 'http://127.0.0.1:4001', 'http://127.0.0.1:4001/'],
    ['leads from this machine to no plain-HTTP host', lab, 'http://area.example.com', lab.baseUrl],
    [
      'but where the owner allows it',
      { ...lab, allowHttp: true },
      'http://area.example.com',
      'http://area.example.com/',
    ],
    ['is no other protocol', lab, 'ftp://127.0.0.1', lab.baseUrl],
    ['is ignored when it is nonsense', https, 'https://', https.baseUrl],
  ])('%s', (_what, config, area, expected) => {
    expect(laterBaseUrl(config, area)).toBe(expected);
  });
});

describe('token renewal', () => {
  const HOUR = 3_600_000;
  const now = 1_700_000_000_000;

  it('comes an hour before the end of seven days', () => {
    const expire = now / 1000 + 7 * 24 * 3600;
    expect(renewalTime(expire, { serverDate: now, receivedAt: now })).toBe(now + 7 * 24 * HOUR - HOUR);
  });

  it('counts on the platform’s clock, so that a wrong one here does no harm', () => {
    const expire = now / 1000 + 7 * 24 * 3600;
    const here = now + 48 * HOUR;
    expect(renewalTime(expire, { serverDate: now, receivedAt: here })).toBe(here + 7 * 24 * HOUR - HOUR);
  });

  it('leaves a tenth of a short life', () => {
    expect(renewalTime(now / 1000 + 600, { serverDate: null, receivedAt: now })).toBe(now + 540_000);
  });

  it('tries a token that calls itself expired for a while', () => {
    expect(renewalTime(now / 1000 - 5, { serverDate: null, receivedAt: now })).toBe(now + 54_000);
  });

  it('reads milliseconds too', () => {
    expect(renewalTime(now + 600_000, { serverDate: null, receivedAt: now })).toBe(now + 540_000);
  });
});

describe('TokenKeeper', () => {
  const live = () => new AbortController().signal;

  it('asks once for all who wait, and again when it is time', async () => {
    let now = 0;
    let asked = 0;
    const keeper = new TokenKeeper(
      async (): Promise<Token> => {
        asked += 1;
        return { value: `t${asked}`, baseUrl: 'x', renewAt: now + 100 };
      },
      () => now,
    );
    const tokens = await Promise.all([keeper.get(live()), keeper.get(live()), keeper.get(live())]);
    expect(tokens.map(({ value }) => value)).toEqual(['t1', 't1', 't1']);
    now = 99;
    expect((await keeper.get(live())).value).toBe('t1');
    now = 100;
    expect((await keeper.get(live())).value).toBe('t2');
  });

  it('drops a refused token, but not its successor', async () => {
    let asked = 0;
    const keeper = new TokenKeeper(
      async () => ({ value: `t${++asked}`, baseUrl: 'x', renewAt: 1 }),
      () => 0,
    );
    const first = await keeper.get(live());
    keeper.drop(first);
    const second = await keeper.get(live());
    keeper.drop(first);
    expect(await keeper.get(live())).toBe(second);
    expect(second.value).toBe('t2');
  });

  it('asks again after a failure', async () => {
    let asked = 0;
    const keeper = new TokenKeeper(
      async () => {
        asked += 1;
        if (asked === 1) throw new Error('off');
        return { value: 'ok', baseUrl: 'x', renewAt: 1 };
      },
      () => 0,
    );
    await expect(keeper.get(live())).rejects.toThrow('off');
    expect((await keeper.get(live())).value).toBe('ok');
  });

  it('does not take the token from the others when one is interrupted', async () => {
    let give: (token: Token) => void = () => undefined;
    const keeper = new TokenKeeper(
      () => new Promise<Token>((resolve) => (give = resolve)),
      () => 0,
    );
    const controller = new AbortController();
    const one = keeper.get(controller.signal);
    const other = keeper.get(live());
    controller.abort(new Error('stop'));
    await expect(one).rejects.toThrow('stop');
    give({ value: 'ok', baseUrl: 'x', renewAt: 1 });
    expect((await other).value).toBe('ok');
  });
});
