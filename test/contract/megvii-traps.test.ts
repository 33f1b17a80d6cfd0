import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { megvii } from '#platforms/megvii/index';
import { PRESET_CRITERIA } from '#shared/quality';
import { ANNA, connect, faultOf, having, jobFor, type Recorded, recorder, rendered } from './support/cloud-rig.ts';

/** The traps of this platform, one test each, on the very bytes that are sent. */
let anna: Uint8Array;
beforeAll(async () => {
  anna = await rendered(megvii);
});

const keys = { appKey: 'appkey1', secretKey: 'sdfajk3242324fa!djq7' };
const ok = (data?: unknown) => ({ code: 0, msg: '成功', ...(data === undefined ? {} : { data }) });
const signal = () => AbortSignal.timeout(20_000);
const her = { uuid: 'u1', code: ANNA.code, type: 1, imageUri: 'x', groupList: [{ uuid: 'theirs' }, { uuid: 'ours' }] };
let answers: Record<string, (request: Recorded) => unknown>;
beforeEach(() => {
  answers = {
    'person/list': () => ok({ list: [], total: 0 }),
    'person/query': () => ok(her),
    'misc/file/qualityJudge': () => ok(),
    'person/uploadImage': () => ok({ uri: 'enrol-uri' }),
    'person/config/uploadImage': () => ok({ uri: 'search-uri' }),
    'person/batchAdd': () => ok({ successes: [{ uuid: 'u1', code: 0, staffCode: ANNA.code }], failures: [] }),
    'person/update': () => ok(),
    'photo/search': () => ok({ list: [], total: 0 }),
    'org/tree': () => ok([]),
    'pass/group/batchDeletePerson': () => ok(),
  };
});

async function against(
  run: (connector: ReturnType<typeof connect>, server: Awaited<ReturnType<typeof recorder>>) => Promise<void>,
  more = {},
) {
  const server = await recorder(
    (request) => answers[request.path.replace('/v1/api/', '')]?.(request) ?? { code: 1, msg: 'unknown' },
  );
  const connector = connect(megvii, { kind: 'megvii', baseUrl: server.url, ...keys, ...more });
  try {
    await run(connector, server);
  } finally {
    await Promise.all([connector.close(), server.close()]);
  }
}
const bodies = (requests: readonly Recorded[], path: string) =>
  requests.filter((request) => request.path === `/v1/api/${path}`).map(({ body }) => JSON.parse(body.toString('utf8')));

describe('Megvii’s traps', () => {
  it('batchAdd answers code 0 with failures inside: both lists are read', async () => {
    answers['person/batchAdd'] = () => ok({ successes: [], failures: [{ code: 101067, msg: '人员数量超过最大值' }] });
    await against(async (connector) => {
      expect(await faultOf(connector.enrol(jobFor(anna)))).toMatchObject({ kind: 'capacity', code: '101067' });
    });
  });

  it('the staff code goes in as `code` and comes back as `staffCode`, where `code` is the result', async () => {
    answers['person/batchAdd'] = () => ok({ successes: [{ uuid: 'u9', code: 0, staffCode: ANNA.code }] });
    await against(async (connector, server) => {
      expect(await connector.enrol(jobFor(anna))).toMatchObject({ personId: 'u9' });
      expect(bodies(server.requests, 'person/batchAdd')[0].personList[0].code).toBe(ANNA.code);
    });
  });

  it('batchUpdatePerson replaces the whole membership: it is never called, whatever is done to a membership', async () => {
    answers['person/list'] = () => ok({ list: [her], total: 1 });
    await against(
      async (connector, server) => {
        await connector.enrol(jobFor(anna));
        await connector.rights?.grant(ANNA.code, 'staff', ['new'], signal());
        await connector.rights?.revoke(ANNA.code, 'staff', ['ours'], signal());
        await connector.rights?.replace(ANNA.code, 'staff', ['only'], signal());
        expect(bodies(server.requests, 'person/update').map(({ groupList }) => groupList)).toEqual([
          ['theirs', 'ours'],
          ['theirs', 'ours', 'new'],
          ['only'],
        ]);
        expect(bodies(server.requests, 'pass/group/batchDeletePerson')).toEqual([
          { groupUuid: 'ours', personUuids: ['u1'] },
        ]);
        expect(server.requests.filter(({ path }) => path.includes('batchUpdatePerson'))).toEqual([]);
      },
      { groupUuids: { staff: ['ours'] } },
    );
  });

  it('person/list matches by substring: only an equal code is a person’s', async () => {
    answers['person/list'] = () => ok({ list: [{ ...her, uuid: 'other', code: `${ANNA.code}9` }], total: 1 });
    await against(async (connector) => {
      expect(await connector.enrol(jobFor(anna))).toMatchObject({ created: true });
      expect(await connector.remove(ANNA.code, 'staff', signal())).toBe(false);
      expect(await connector.pass?.(ANNA.code, signal())).toBeNull();
    });
  });

  it('config/uploadImage uses the lowest standard: its uri is searched with and never enrolled', async () => {
    await against(
      async (connector, server) => {
        await connector.enrol(jobFor(anna));
        expect(bodies(server.requests, 'photo/search')).toEqual([
          { pageNum: 1, pageSize: 100, uri: 'search-uri', threshold: 75, groupTypes: [1, 2, 3] },
        ]);
        expect(bodies(server.requests, 'person/batchAdd')[0].personList[0].imageUri).toBe('enrol-uri');
        const uploads = server.requests
          .filter(({ path }) => /qualityJudge|uploadImage/.test(path))
          .map(({ path }) => path);
        expect(uploads).toEqual(
          ['person/config/uploadImage', 'misc/file/qualityJudge', 'person/uploadImage'].map(
            (path) => `/v1/api/${path}`,
          ),
        );
      },
      { similarThreshold: 75 },
    );
  });

  it('personUuidSwitch is a GET that toggles: no GET is ever sent', async () => {
    answers['person/list'] = () => ok({ list: [her], total: 1 });
    answers['person/visitorCode'] = () => ok({ expireTime: 10, qrCode: 'data:image/png;base64,R0lGODlhyADIAPAAAAAA' });
    answers['sys/storageCriteria/info'] = () => ok({ level: 3 });
    await against(async (connector, server) => {
      await connector.enrol(jobFor(anna));
      await connector.test(signal());
      await connector.criteria?.(signal());
      await connector.pass?.(ANNA.code, signal());
      await connector.similar?.({ bytes: anna, version: 'v' }, signal());
      expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(['POST']));
      expect(server.requests.filter(({ path }) => path.includes('Switch'))).toEqual([]);
    });
  });

  it('storageCriteria tells the box’s own thresholds: levels without numbers tell none', async () => {
    answers['sys/storageCriteria/info'] = () => ok({ level: 3 });
    await against(async (connector) => {
      expect(await connector.criteria?.(signal())).toBeNull();
    });
    // The sample of 功能配置 1.6.5: 100 degrees are no limit, and 200 no deviation a picture can have.
    const customConfig = {
      blur: 0.9,
      brightnessMax: 200,
      brightnessMin: 10,
      pitch: 100,
      roll: 100,
      sdtDeviation: 200,
      size: 30,
      yaw: 100,
    };
    answers['sys/storageCriteria/info'] = () => ok({ level: 4, customConfig });
    await against(async (connector) => {
      expect(await connector.criteria?.(signal())).toEqual({
        brightness: { min: 10 / 255, max: 200 / 255 },
        interEyeDistance: { min: 13 },
        // Halfway between what our lenient preset asks and nothing.
        sharpness: { min: (PRESET_CRITERIA.lenient.sharpness?.min ?? Number.NaN) / 2 },
      });
    });
  });

  it('times are milliseconds, in the records’ range too', async () => {
    answers['pass_record/list'] = () => ok({ list: [], total: 0 });
    await against(async (connector, server) => {
      const range = { from: 1_772_380_800_000, to: 1_772_384_400_000 };
      for await (const _ of connector.records?.(range, signal()) ?? []) throw new Error('there is nothing');
      expect(bodies(server.requests, 'pass_record/list')).toEqual([
        { pageNum: 1, pageSize: 100, startPassTime: '1772380800000', endPassTime: '1772384400000' },
      ]);
    });
  });

  it('the QR code’s sample is a GIF that calls itself a PNG: its first bytes count, and what is no picture is refused', async () => {
    answers['person/list'] = () => ok({ list: [her], total: 1 });
    answers['person/visitorCode'] = () => ok({ expireTime: 10, qrCode: 'data:image/png;base64,R0lGODlhyADIAPAAAAAA' });
    await against(async (connector) => {
      const pass = await connector.pass?.(ANNA.code, signal());
      expect(Buffer.from(pass?.image ?? []).toString('latin1', 0, 6)).toBe('GIF89a');
    });
    answers['person/visitorCode'] = () => ok({ qrCode: Buffer.from('<html>').toString('base64') });
    await against(async (connector) => {
      expect(await faultOf(connector.pass?.(ANNA.code, signal()) ?? Promise.resolve())).toMatchObject({
        kind: 'protocol',
      });
    });
  });

  it('a time-out says nothing: a resumed attempt finds its own work and goes on, another is stopped', async () => {
    answers['person/list'] = () => ok({ list: [her], total: 1 });
    await against(async (connector, server) => {
      expect(await faultOf(connector.enrol(jobFor(anna, { onExisting: 'stop' })))).toMatchObject({ kind: 'exists' });
      const resumed = jobFor(anna, { onExisting: 'stop', resumed: true });
      expect(await connector.enrol(resumed)).toMatchObject({ personId: 'u1', created: false });
      expect(server.requests.filter(({ path }) => path.endsWith('batchAdd'))).toEqual([]);
    });
  });

  it('photos, names and secrets reach no error: not even when the box tells them', async () => {
    const echo = () => ({
      code: 100003,
      msg: `参数不合法: Anna Lim ${Buffer.from(anna).toString('base64')} ${keys.secretKey}`,
    });
    answers = Object.fromEntries(Object.keys(answers).map((path) => [path, echo]));
    await against(async (connector) => {
      const photo = { bytes: anna, version: 'v' };
      const whole = having(connector, 'similar', 'pass', 'rights');
      for (const run of [
        () => whole.enrol(jobFor(anna)),
        () => whole.similar(photo, signal()),
        () => whole.pass(ANNA.code, signal()),
        () => whole.rights.grant(ANNA.code, 'staff', ['x'], signal()),
      ]) {
        const text = JSON.stringify(await faultOf(run()));
        expect(text).not.toMatch(/Anna|Lim|sdfajk/);
        expect(text.length).toBeLessThan(500);
      }
    });
  });

  it('nor when it echoes what was sent with a code nobody knows', async () => {
    answers['person/batchAdd'] = ({ body }) => ({ code: 199999, msg: `cannot: ${body} ${keys.secretKey}` });
    await against(async (connector) => {
      const person = { ...ANNA, phone: '81234567', idNumber: 'S1234567D' };
      const fault = await faultOf(connector.enrol(jobFor(anna, { person })));
      expect(fault).toMatchObject({ kind: 'protocol', code: '199999' });
      expect(fault.message).toContain('cannot');
      expect(JSON.stringify(fault)).not.toMatch(/Anna|Lim|sdfajk|81234567|S1234567D|TP012345/);
    });
  });
});
