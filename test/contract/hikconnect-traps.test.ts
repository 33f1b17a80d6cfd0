import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hikconnect } from '#platforms/hikconnect/index';
import type { Person } from '#shared/person';
import { quickTime } from '../fixtures/quick-time.ts';
import { ANNA, connect, faultOf, having, jobFor, type Recorded, recorder, rendered } from './support/cloud-rig.ts';

/** The traps of this platform, one test each, on the very bytes that are sent. */
let anna: Uint8Array;
beforeAll(async () => {
  anna = await rendered(hikconnect);
});

const keys = { appKey: 'a-key-of-the-account', secretKey: 'a-secret-of-the-account' };
const ok = (data?: unknown) => ({ errorCode: '0', ...(data === undefined ? {} : { data }) });
const signal = () => AbortSignal.timeout(20_000);
const P = 'person/v1/persons';
const her = {
  personId: '5',
  personCode: ANNA.code,
  groupId: '7',
  firstName: 'Anna',
  lastName: 'Lim',
  gender: 0,
  email: 'anna@example.org',
  headPicUrl: 'u',
  startDate: 1_772_380_800_000,
  endDate: 1_872_380_800_000,
};
let tokens = 0;
let answers: Record<string, (request: Recorded) => unknown>;
beforeEach(() => {
  tokens = 0;
  answers = {
    'platform/v1/token/get': () => {
      tokens += 1;
      return ok({ accessToken: `t${tokens}`, expireTime: Math.floor(Date.now() / 1000) + 604_800, areaDomain: '' });
    },
    [`${P}/list`]: () => ok([]),
    [`${P}/get`]: () => ok({ personInfo: her }),
    [`${P}/quick/add`]: () => ok({ personId: '5' }),
    [`${P}/update`]: () => ok(),
    [`${P}/photo`]: () => ok(),
    [`${P}/delete`]: () => ok(),
    [`${P}/updatecards`]: () => ok(),
    [`${P}/updatefingers`]: () => ok(),
    'acspm/v1/accesslevel/person/add': () => ok(),
  };
});

const short = ({ path }: Recorded) => path.replace('/api/hccgw/', '');
async function against(
  run: (connector: ReturnType<typeof connect>, server: Awaited<ReturnType<typeof recorder>>) => Promise<void>,
  more = {},
) {
  const server = await recorder(
    (request) => answers[short(request)]?.(request) ?? { errorCode: 'NEW1', message: 'unknown' },
  );
  const entry = { kind: 'hikconnect', baseUrl: server.url, ...keys, groupId: '7', accessLevelIds: ['11'], ...more };
  const connector = connect(hikconnect, entry, quickTime(10));
  try {
    await run(connector, server);
  } finally {
    await Promise.all([connector.close(), server.close()]);
  }
}
const bodies = (requests: readonly Recorded[], path: string) =>
  requests.filter((request) => short(request) === path).map(({ body }) => JSON.parse(body.toString('utf8')));

describe('Hik-Connect’s traps', () => {
  it('an empty lastName is refused with OPEN000010: a single name is repeated, or a dash stands in', async () => {
    const person: Person = { ...ANNA, name: { display: 'Madonna' } };
    for (const [singleName, lastName] of [
      ['repeat', 'Madonna'],
      ['dash', '-'],
    ])
      await against(
        async (connector, server) => {
          await connector.enrol(jobFor(anna, { person }));
          expect(bodies(server.requests, `${P}/quick/add`)[0].personInfo).toMatchObject({
            firstName: 'Madonna',
            lastName,
          });
        },
        { singleName },
      );
  });

  it('quick/add spells `aceessLevelList` so', async () => {
    await against(async (connector, server) => {
      await connector.enrol(jobFor(anna));
      const [body] = bodies(server.requests, `${P}/quick/add`);
      expect(body.aceessLevelList).toEqual(['11']);
      expect(body).not.toHaveProperty('accessLevelList');
    });
  });

  it.each([
    ['photoFailed', { photoFailed: { errorCode: 'CCF038062' } }, 'quality', 'CCF038062'],
    [
      'accessLevelFailed',
      { accessLevelFailed: { errorCode: '0', personAccessLevelFailedList: [{ errorCode: 'VMS040016' }] } },
      'validation',
      'VMS040016',
    ],
    ['a duplicate picture, which names nobody', { photoFailed: { errorCode: 'CCF038068' } }, 'quality', 'CCF038068'],
  ])('quick/add reports %s inside a success', async (_what, inside, kind, code) => {
    answers[`${P}/quick/add`] = () => ok({ personId: '5', ...inside });
    await against(async (connector, server) => {
      expect(await faultOf(connector.enrol(jobFor(anna)))).toMatchObject({ kind, code });
      // Under `update` the next attempt goes on from there.
      expect(bodies(server.requests, `${P}/delete`)).toEqual([]);
      // Under `stop` it would bar its own way, so it is taken back.
      expect(
        await faultOf(connector.enrol(jobFor(anna, { onExisting: 'stop', person: { ...ANNA, code: 'TP9' } }))),
      ).toMatchObject({ code });
      expect(bodies(server.requests, `${P}/delete`)).toEqual([{ personId: '5' }]);
    });
  });

  it('a person without an access level reaches no door: verify says so', async () => {
    answers['acspm/v1/maintain/overview/person/5/elementdetail'] = () => ok({ elementDetailList: [] });
    answers[`${P}/list`] = () => ok([{ personInfo: her }]);
    await against(async (connector) => {
      expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({ person: true, access: 'none' });
    });
  });

  it.each([
    [0, 'applied', ''],
    [1, 'pending', ''],
    [2, 'failed', 'THD_ISAPI_0x60000035'],
    [2, 'failed', 'THD_ISAPI_0x60000036'],
    [2, 'failed', 'THD_ISAPI_0x6000003D'],
    [3, 'failed', 'THD_ISAPI_0x60000063'],
  ])(
    'elementdetail’s status %i is %s, its THD_ISAPI codes are told in words (%s)',
    async (status, access, errorCode) => {
      const element = {
        name: 'Door 1',
        elementStatus: { status, errorCode: '' },
        certificateStatusList: errorCode ? [{ status: String(status), type: 2, errorCode }] : [],
      };
      answers['acspm/v1/maintain/overview/person/5/elementdetail'] = () => ok({ elementDetailList: [element] });
      answers[`${P}/list`] = () => ok([{ personInfo: her }]);
      await against(async (connector, server) => {
        const verified = await connector.verify(ANNA.code, 'staff', signal());
        expect(verified.access).toBe(access);
        if (errorCode)
          expect(verified.detail).toMatch(new RegExp(`Door 1: .*(face|device|picture).*\\(${errorCode}\\)`));
        expect(server.requests.map(short)).toContain('acspm/v1/maintain/overview/person/5/elementdetail');
      });
    },
  );

  it('replacing cards or fingers replaces the list: what is kept is sent again, with its ids', async () => {
    const cardList = [{ id: 'c1', cardNo: '111' }];
    const fingerList = [{ id: 'f1', name: 'thumb', data: 'AB' }];
    answers[`${P}/get`] = () => ok({ personInfo: her, cardList, fingerList });
    await against(async (connector, server) => {
      const { credentials } = having(connector, 'credentials');
      await connector.enrol(jobFor(anna, { person: { ...ANNA, card: '222' } }));
      await credentials.addFinger(ANNA.code, { name: 'index', data: 'CD' }, signal());
      await credentials.removeCard(ANNA.code, '111', signal());
      expect(bodies(server.requests, `${P}/updatecards`)).toEqual([
        { personId: '5', cardList: [...cardList, { cardNo: '222' }] },
        { personId: '5', cardList: [] },
      ]);
      expect(bodies(server.requests, `${P}/updatefingers`)).toEqual([
        { personId: '5', fingerList: [...fingerList, { name: 'index', data: 'CD' }] },
      ]);
    });
  });

  it('a kept fingerprint whose data do not come back cannot be kept by a change: nothing is sent', async () => {
    answers[`${P}/get`] = () => ok({ personInfo: her, fingerList: [{ id: 'f1', name: 'thumb' }] });
    answers[`${P}/list`] = () => ok([{ personInfo: her }]);
    await against(async (connector, server) => {
      const { credentials } = having(connector, 'credentials');
      expect(await faultOf(credentials.addFinger(ANNA.code, { name: 'index', data: 'CD' }, signal()))).toMatchObject({
        code: 'finger-data',
      });
      expect(bodies(server.requests, `${P}/updatefingers`)).toEqual([]);
    });
  });

  it('a card refused inside a success is not taken for kept', async () => {
    answers[`${P}/updatecards`] = () =>
      ok({ cardFailed: { errorCode: '0', cardList: [{ cardNo: '222', errorCode: 'CCF038034' }] } });
    answers[`${P}/list`] = () => ok([{ personInfo: her }]);
    await against(async (connector) => {
      const { credentials } = having(connector, 'credentials');
      expect(await faultOf(credentials.addCard(ANNA.code, '222', signal()))).toMatchObject({
        code: 'CCF038034',
        field: 'card',
      });
    });
  });

  it('personCode cannot be searched for: found by name, the code compared', async () => {
    answers[`${P}/list`] = ({ body }) => {
      const { filter } = JSON.parse(body.toString('utf8'));
      expect(Object.keys(filter)).toEqual(['name']);
      return ok([{ personInfo: { ...her, personId: '6', personCode: `${ANNA.code}X` } }, { personInfo: her }]);
    };
    await against(async (connector) => {
      expect(await connector.enrol(jobFor(anna))).toMatchObject({ personId: '5', created: false });
    });
  });

  it('personCode is never editable: an update carries the person’s own', async () => {
    answers[`${P}/list`] = () => ok([{ personInfo: her }]);
    await against(async (connector, server) => {
      await connector.enrol(jobFor(anna));
      expect(bodies(server.requests, `${P}/update`)[0]).toMatchObject({ personId: '5', personCode: ANNA.code });
    });
  });

  it('an expired token is renewed once however many calls it fails', async () => {
    answers[`${P}/list`] = ({ headers }) =>
      headers.token === 't1' ? { errorCode: 'OPEN000006', message: 'expired' } : ok([]);
    await against(async (connector) => {
      const found = await Promise.all(['A', 'B', 'C'].map((code) => connector.verify(code, 'staff', signal())));
      expect(found.map(({ person }) => person)).toEqual([false, false, false]);
      expect(tokens).toBe(2);
    });
  });

  it('an update of a resident deletes the rooms it leaves out: all are sent', async () => {
    const room = (n: number) => ({
      roomId: `r${n}`,
      roomNum: n,
      buildId: 'b',
      buildName: 'B',
      areaId: 'a',
      areaName: 'A',
    });
    answers[`${P}/list`] = () => ok([{ personInfo: her }]);
    answers['vims/v1/room/search'] = () => ok({ totalNum: 2, roomList: [room(1), room(2)] });
    answers['vims/v1/person/search'] = () =>
      ok({
        totalNum: 1,
        personList: [{ personId: '5', firstName: 'Anna', lastName: 'Lim', roomList: [{ ...room(1), accountType: 1 }] }],
      });
    answers['vims/v1/person/update'] = () => ok();
    await against(async (connector, server) => {
      const { residents } = having(connector, 'residents');
      await residents.add(ANNA.code, { id: 'r2', householder: false }, signal());
      const [body] = bodies(server.requests, 'vims/v1/person/update');
      expect(body.roomList).toEqual([
        { roomId: 'r1', buildId: 'b', areaId: 'a', accountType: 1 },
        { roomId: 'r2', buildId: 'b', areaId: 'a', accountType: 0 },
      ]);
      expect(body.personBaseInfo).toMatchObject({ id: '5', personCode: '' });
      expect(body.personBaseInfo.startDate).toMatch(/^2026-03-0\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    });
  });

  it('a time-out says nothing: a resumed attempt finds its own work and goes on, another is stopped', async () => {
    answers[`${P}/list`] = () => ok([{ personInfo: her }]);
    await against(async (connector, server) => {
      expect(await faultOf(connector.enrol(jobFor(anna, { onExisting: 'stop' })))).toMatchObject({ kind: 'exists' });
      const resumed = jobFor(anna, { onExisting: 'stop', resumed: true });
      expect(await connector.enrol(resumed)).toMatchObject({ personId: '5', created: false });
      expect(bodies(server.requests, `${P}/quick/add`)).toEqual([]);
    });
  });

  it('photos, names and secrets reach no error: not even when the platform tells them', async () => {
    const echo = () => ({
      errorCode: 'CCF038016',
      message: `Anna Lim ${Buffer.from(anna).toString('base64')} ${keys.secretKey}`,
    });
    answers = { 'platform/v1/token/get': () => ok({ accessToken: 'hcc.token', expireTime: 4_000_000_000 }) };
    for (const path of ['list', 'get', 'quick/add', 'cardcollect', 'updatecards']) answers[`${P}/${path}`] = echo;
    await against(async (connector) => {
      const { credentials, pass } = having(connector, 'credentials', 'pass');
      for (const run of [
        () => connector.enrol(jobFor(anna)),
        () => credentials.collectCard('x', signal()),
        () => pass(ANNA.code, signal()),
      ]) {
        const text = JSON.stringify(await faultOf(run()));
        expect(text).not.toMatch(/Anna|Lim|a-secret/);
        expect(text.length).toBeLessThan(500);
      }
    });
  });

  it('nor when it echoes what was sent with a code nobody knows', async () => {
    answers[`${P}/quick/add`] = ({ body }) => ({ errorCode: 'NEW00001', message: `cannot: ${body} ${keys.secretKey}` });
    await against(async (connector) => {
      const person = { ...ANNA, phone: '81234567', email: 'anna@example.org' };
      const fault = await faultOf(connector.enrol(jobFor(anna, { person })));
      expect(fault).toMatchObject({ kind: 'protocol', code: 'NEW00001' });
      expect(fault.message).toContain('cannot');
      expect(JSON.stringify(fault)).not.toMatch(/Anna|Lim|a-secret|81234567|example|TP012345/);
    });
  });
});
