import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import { hikconnect } from '#platforms/hikconnect/index';
import { quickTime } from '../fixtures/quick-time.ts';
import { ANNA, connect, faultOf, jobFor, rendered } from './support/cloud-rig.ts';

let lab: Lab;
let anna: Uint8Array;
/** The platform's clock before ours, milliseconds. */
let ahead = 0;
/** The limit of five a second holds, in a second that is shorter; slow enough for a skew to be told from noise. */
const quick = quickTime(5);
const signal = () => AbortSignal.timeout(30_000);
const entry = () => lab.config.platforms.hikconnect as Record<string, unknown>;
const people = () => lab.people().hikconnect ?? [];
const count = (ending: string) => lab.log('hikconnect').filter(({ path }) => path.endsWith(ending)).length;

beforeAll(async () => {
  lab = await startLab({ now: () => quick.now() + ahead });
  anna = await rendered(hikconnect);
});
afterEach(async () => {
  ahead = 0;
  await lab.reset();
});
afterAll(() => lab.close());

describe('Hik-Connect: token, test and failures', () => {
  it('renews a token the platform calls expired, and repeats the call', async () => {
    const connector = connect(hikconnect, entry(), quick);
    await connector.enrol(jobFor(anna));
    expect(count('/token/get')).toBe(1);
    ahead = 8 * 24 * 3_600_000;
    expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({ person: true });
    expect(count('/token/get')).toBe(2);
    await connector.close();
  });

  it('renews a token before it ends', async () => {
    let passed = 0;
    const connector = connect(hikconnect, entry(), { ...quick, now: () => quick.now() + passed });
    await connector.enrol(jobFor(anna));
    // Half an hour before the end, on both clocks.
    passed = 7 * 24 * 3_600_000 - 1_800_000;
    ahead = passed;
    expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({ person: true });
    expect(count('/token/get')).toBe(2);
    expect(lab.log('hikconnect').map(({ code }) => code)).not.toContain('OPEN000006');
    await connector.close();
  });

  it('gives up on a token that stays refused', async () => {
    const connector = connect(hikconnect, entry(), quick);
    await lab.order({
      platform: 'hikconnect',
      mode: 'wrong-answer',
      status: 200,
      path: '/persons/list',
      body: { errorCode: 'OPEN000007', message: 'no' },
    });
    expect(await faultOf(connector.enrol(jobFor(anna)))).toMatchObject({ kind: 'auth', code: 'OPEN000007' });
    expect(count('/token/get')).toBe(2);
    await connector.close();
  });

  it('tests the connection, and the configured department with it', async () => {
    const connector = connect(hikconnect, entry(), quick);
    const report = await connector.test(signal());
    expect(report.skewMs).toBe(0);
    expect(report.detail).toContain('department');
    ahead = 3_600_000;
    expect(Math.abs(((await connector.test(signal())).skewMs ?? 0) - 3_600_000)).toBeLessThan(5_000);
    await connector.close();
    const lost = connect(hikconnect, { ...entry(), groupId: '404' }, quick);
    expect(await faultOf(lost.test(signal()))).toMatchObject({ kind: 'validation', field: 'groupId' });
    await lost.close();
  });

  it.each(['appKey', 'secretKey'])('says that %s is wrong', async (field) => {
    const connector = connect(hikconnect, { ...entry(), [field]: 'not-the-right-one' }, quick);
    const fault = await faultOf(connector.test(signal()));
    expect(fault.kind).toBe('auth');
    expect(fault.message).toContain(field);
    expect(JSON.stringify(fault)).not.toContain('not-the-right-one');
    await connector.close();
  });

  it.each([
    ['off', {}, 'unreachable'],
    ['hang', {}, 'time-out'],
    ['html', { status: 200 }, 'protocol'],
    ['garbage', { status: 200 }, 'protocol'],
    ['status', { status: 502 }, 'server'],
    ['busy', {}, 'server'],
    ['rate', {}, 'rate'],
  ] as const)('says what is wrong when the platform is %s', async (mode, more, kind) => {
    const connector = connect(hikconnect, { ...entry(), timeouts: { headersMs: 300, connectMs: 300 } }, quick);
    await lab.order({ platform: 'hikconnect', mode, ...more });
    expect((await faultOf(connector.enrol(jobFor(anna)))).kind).toBe(kind);
    await lab.clearFaults();
    expect(people()).toEqual([]);
    expect(await connector.enrol(jobFor(anna))).toMatchObject({ created: true });
    await connector.close();
  });
});

describe('five requests a second against the lab', () => {
  // In real time, at a lab of its own: the limiter is one for an account.
  let strict: Lab;
  beforeAll(async () => {
    strict = await startLab();
  });
  afterAll(() => strict.close());
  const account = () => strict.config.platforms.hikconnect as Record<string, unknown>;

  it('is never exceeded, however many connectors and callers share the account', async () => {
    const desk = connect(hikconnect, account());
    const batch = connect(hikconnect, account());
    await Promise.all(
      Array.from({ length: 14 }, (_, n) => (n % 2 ? desk : batch).verify(`NOBODY${n}`, 'staff', signal())),
    );
    const log = strict.log('hikconnect');
    // Fourteen look-ups and a token each.
    expect(log).toHaveLength(16);
    expect(log.filter(({ code, status }) => code !== '0' || status !== 200)).toEqual([]);
    const starts = log.map(({ at }) => at);
    const busiest = Math.max(...starts.map((at) => starts.filter((other) => other >= at && other < at + 1_000).length));
    expect(busiest).toBeLessThanOrEqual(5);
    await Promise.all([desk.close(), batch.close()]);
  });

  it('lets an interrupted caller go at once', async () => {
    const connector = connect(hikconnect, account());
    const controller = new AbortController();
    const waiting = Array.from({ length: 12 }, (_, n) =>
      faultOf(connector.verify(`NOBODY${n}`, 'staff', controller.signal)).catch(() => null),
    );
    setTimeout(() => controller.abort(), 300);
    const began = Date.now();
    const faults = await Promise.all(waiting);
    expect(Date.now() - began).toBeLessThan(900);
    expect(faults.filter((fault) => fault?.code === 'aborted').length).toBeGreaterThan(5);
    await connector.close();
  });
});
