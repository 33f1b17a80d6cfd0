import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, Pass } from '#platforms/contract';
import type { Handlers } from '#shared/contract';
import { rotateKey, type Station } from '#station/index';
import { sealedVisit } from '../../../src/station/journal/visits.ts';
import { createHosts } from '../../../src/station/visits/hosts.ts';
import { readVisitList, type VisitorListRules } from '../../../src/station/visits/list-import.ts';
import { inOrder, planOf, visitState, windowOf } from '../../../src/station/visits/policy.ts';
import { resemblance } from '../../../src/station/visits/resemblance.ts';
import { type FakePlatform, fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from './support/station.ts';

const never = new AbortController().signal;
const local = (text: string) => new Date(text).getTime();
const NOW = local('2026-11-23T09:00');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const iso = (ms: number) => new Date(ms).toISOString();

describe('how a visit stands', () => {
  const [from, to] = [NOW, NOW + 60 * MINUTE];
  const here = { from, to, arrivedAt: NOW, leftAt: null };
  const awaited = { from, to, arrivedAt: null, leftAt: null };
  it.each([
    ['before its time', awaited, from - MINUTE, 'expected'],
    ['a little late', awaited, from + 15 * MINUTE, 'expected'],
    ['late', awaited, from + 15 * MINUTE + 1, 'overdue'],
    ['in its time', here, to, 'here'],
    ['past it', here, to + 1, 'overstay'],
    ['afterwards', { ...here, leftAt: to + DAY }, to + 2 * DAY, 'left'],
  ] as const)('%s', (_when, visit, now, state) => {
    expect(visitState(visit, now)).toBe(state);
  });

  it('puts who needs somebody first', () => {
    const visit = (
      state: 'expected' | 'overdue' | 'here' | 'overstay' | 'left',
      at: number,
      leftAt: number | null = null,
    ) => ({
      state,
      from: at,
      to: at + 1,
      leftAt,
    });
    const visits = [
      visit('left', 1, 5),
      visit('left', 1, 9),
      visit('expected', 2),
      visit('here', 3),
      visit('here', 1),
      visit('overdue', 4),
      visit('overstay', 6),
    ];
    expect(inOrder(visits).map(({ state, from, leftAt }) => `${state} ${leftAt ?? from}`)).toEqual([
      'overstay 6',
      'overdue 4',
      'here 1',
      'here 3',
      'expected 2',
      'left 9',
      'left 5',
    ]);
  });
});

describe('what an enrolment says of a visit', () => {
  const ben = { kind: 'visitor', code: 'V1', name: { display: 'Ben Ong' } } as const;
  const at = { now: NOW, workdayEnds: '18:00', atDesk: true };

  it('is nothing for staff', () => {
    expect(planOf(anna, at)).toBeNull();
  });
  it('lasts from now until the end of the working day when nobody says otherwise', () => {
    expect(planOf(ben, at)).toEqual({ from: NOW, to: local('2026-11-23T18:00'), arrivedAt: NOW });
  });
  it('lasts as long as the person is valid, and as long as the visit before that', () => {
    const valid = { ...ben, validFrom: iso(NOW + MINUTE), validTo: iso(NOW + 9 * MINUTE) };
    expect(windowOf(valid, NOW, '18:00')).toEqual({ from: NOW + MINUTE, to: NOW + 9 * MINUTE });
    const visit = { from: iso(NOW + 2 * MINUTE), to: iso(NOW + 5 * MINUTE) };
    expect(windowOf({ ...valid, visit }, NOW, '18:00')).toEqual({ from: NOW + 2 * MINUTE, to: NOW + 5 * MINUTE });
  });
  it.each([
    ['an hour early', 60, true, true],
    ['just in time to be early', 120, true, true],
    ['for this afternoon', 121, true, false],
    ['not at the desk', 0, false, false],
  ])('has begun, or not: %s', (_when, minutes, atDesk, begun) => {
    const visit = { from: iso(NOW + minutes * MINUTE), to: iso(NOW + 600 * MINUTE) };
    expect(planOf({ ...ben, visit }, { ...at, atDesk })?.arrivedAt).toBe(begun ? NOW : null);
  });
});

describe('a list of visitors', () => {
  const read = (csv: string | Uint8Array, more: Partial<VisitorListRules> = {}) =>
    readVisitList(
      {
        name: 'list',
        async *read() {
          yield typeof csv === 'string' ? new TextEncoder().encode(csv) : csv;
        },
      },
      { now: NOW, workdayEnds: '18:00', code: () => 'MADE', known: () => null, expected: () => false, ...more },
    );
  const instants = ({
    people,
  }: {
    people: { visit?: { from?: string | undefined; to?: string | undefined } | undefined }[];
  }) => people.map(({ visit }) => [visit?.from, visit?.to].map((at) => (at === undefined ? null : local(at))));

  it('is read by the names of its columns, in both languages', async () => {
    const { people, problems } = await read(
      '\uFEFFName,Mobile,Company,Host,Purpose,From,To,Room\nBen Ong,0123,Acme,TP1,Audit,2026-11-24 10:00,2026-11-24 12:30,7\n\n',
    );
    expect(problems).toEqual([]);
    expect(people).toMatchObject([
      {
        kind: 'visitor',
        code: 'MADE',
        name: { display: 'Ben Ong' },
        phone: '0123',
        visit: { company: 'Acme', host: 'TP1', purpose: 'Audit' },
      },
    ]);
    expect(instants({ people })).toEqual([[local('2026-11-24T10:00'), local('2026-11-24T12:30')]]);
    expect((await read('访客姓名,被访人,访客编号\n王小明,李雷,V9\n')).people).toEqual([
      { kind: 'visitor', code: 'V9', name: { display: '王小明' }, visit: { host: '李雷' } },
    ]);
  });

  it('is read as spreadsheets save it: with semicolons, in GBK, with dates as they are shown', async () => {
    const german = await read('Name;Company;From;To\r\n"Ong; Ben";Acme;24.11.2026 10:00;24.11.2026 12:30\r\n;;;\r\n');
    expect(german).toMatchObject({ problems: [], people: [{ name: { display: 'Ong; Ben' } }] });
    expect(instants(german)).toEqual([[local('2026-11-24T10:00'), local('2026-11-24T12:30')]]);
    const gbk = iconv.encode(
      '姓名,公司,来访时间\n王小明,北京大学,2026年11月24日 9时30分\n李雷,清华大学,2026/11/24 14:00\n',
      'gbk',
    );
    const chinese = await read(new Uint8Array(gbk));
    expect(chinese.people.map(({ name }) => name.display)).toEqual(['王小明', '李雷']);
    expect(instants(chinese).map(([from]) => from)).toEqual([local('2026-11-24T09:30'), local('2026-11-24T14:00')]);
  });

  it('takes a day without a time for its working day, and today for now', async () => {
    const list = await read('name,from,to\nBen,2026-11-24,2026-11-24\nAnn,2026-11-23,\n', { now: NOW + 60 * MINUTE });
    expect(list.problems).toEqual([]);
    expect(instants(list)).toEqual([
      [local('2026-11-24T09:00'), local('2026-11-24T18:00')],
      [NOW + 60 * MINUTE, null],
    ]);
  });

  it('keeps the code of somebody known, and leaves out who is registered already', async () => {
    const list = await read('name,phone\nBen,1\nAnn,2\nEve,3\n', {
      known: ({ name }) => (name.display === 'Eve' ? null : { code: `OLD-${name.display}` }),
      expected: ({ code }) => code === 'OLD-Ann',
    });
    expect(list).toMatchObject({ reused: 1, already: 1, problems: [] });
    expect(list.people.map(({ code }) => code)).toEqual(['OLD-Ben', 'MADE']);
  });

  it.each([
    ['no column for the name', 'phone\n1\n', 1, 'no-name'],
    ['two columns for one thing', 'name,from,start\nBen,,\n', 1, 'two-columns'],
    ['nobody', 'name\n', 1, 'nobody'],
    ['no name', 'name,phone\n,1\n', 2, 'missing'],
    ['a row of other length', 'name,company\nOng, Ben,Acme\n', 2, 'ragged'],
    ['no time', 'name,from\nBen,tomorrow\n', 2, 'unreadable'],
    ['two days at once', 'name,from\nBen,03/04/2027 10:00\n', 2, 'ambiguous'],
    ['a day that does not exist', 'name,from\nBen,2026-02-30 10:00\n', 2, 'unreadable'],
    ['a number without its end', 'name,phone\nBen,6.01235E+10\n', 2, 'rounded'],
    ['an end before the beginning', 'name,from,to\nBen,2026-11-24 10:00,2026-11-24 09:00\n', 2, 'visit-window'],
    ['the past', 'name,from,to\nBen,2026-11-23 07:00,2026-11-23 08:00\n', 2, 'visit-past'],
    ['a code twice', 'name,code\nBen,V1\nAnn,V1\n', 3, 'duplicate'],
  ])('is refused with its row: %s', async (_what, csv, row, code) => {
    expect((await read(csv)).problems).toMatchObject([{ row, reason: { code } }]);
  });

  it.each([
    ['a photo', new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), 'not-a-table'],
    ['nothing', new Uint8Array(), 'empty'],
    ['a quotation mark that stays open', new TextEncoder().encode('name\n"Ben'), 'quote'],
  ])('is no list: %s', async (_what, file, code) => {
    await expect(read(file)).rejects.toMatchObject({ fault: { code } });
  });
});

describe('whether somebody was here before', () => {
  const ben = { name: 'Ben Ong', phone: '+60 12-345 6789', email: 'Ben@Acme.example', company: 'Acme' };
  it.each([
    ['the same name and number, however written', { name: 'Ong, Ben', phone: '012 3456789' }, 'sure'],
    ['the same name and address', { name: 'BEN ONG', email: 'ben@acme.example ' }, 'sure'],
    ['the same number alone', { name: 'Benjamin', phone: '60123456789' }, 'likely'],
    ['name and company', { name: 'Ben Ong', company: 'ACME' }, 'likely'],
    ['the same name alone', { name: 'Ben Ong' }, null],
    ['a few digits in common', { name: 'Eve', phone: '6789' }, null],
    ['nothing known of either', { name: '', company: 'Acme' }, null],
  ])('%s', (_what, other, found) => {
    expect(resemblance(ben, other)).toBe(found);
  });
});

describe('visits at the desk', () => {
  let dir: ReturnType<typeof temporaryDir>;
  let gate: FakePlatform;
  let other: FakePlatform;
  let station: Station;
  let desk: Handlers;
  let time: number;

  const start = async () => {
    const platforms = { gate: gate.definition, other: other.definition };
    station = await open(dir.path, platforms, { now: () => time, random: () => 0.5, background: true });
    desk = station.handlers({ version: '1', shell: 'loopback', lab: null });
  };
  beforeEach(async () => {
    dir = temporaryDir();
    gate = fakePlatform();
    other = fakePlatform();
    time = NOW;
    await start();
  });
  afterEach(async () => {
    await station.close();
    dir.remove();
  });

  const ben = { kind: 'visitor', name: { display: 'Ben Ong' }, phone: '012-345 6789' } as const;
  const enrol = async (person: object, to = ['gate']) => {
    const { token } = await desk['photo.submit']({ bytes: new Uint8Array(await portrait()), source: 'file' });
    const { id } = await desk['enrolment.create']({
      photo: token ?? '',
      person: { ...ben, ...person } as never,
      to,
      onExisting: 'update',
      onSimilar: 'ask',
    });
    await station.outbox.run({ signal: never, enrolment: id, until: 'settled' });
    return id;
  };
  const today = async () =>
    (await desk['visits.list']({ when: 'today' })).map(({ code, state, accessLeft }) => [code, state, ...accessLeft]);
  const only = async () => {
    const [visit] = await desk['visits.list']({ when: 'today' });
    if (!visit) throw new Error('nobody today');
    return visit;
  };

  it('begins with a walk-in, overstays, and ends with access taken away', async () => {
    const id = await enrol({ code: 'V1', visit: { host: 'TP1', to: iso(NOW + 60 * MINUTE) } });
    expect(await only()).toMatchObject({ code: 'V1', name: 'Ben Ong', state: 'here', enrolment: id, arrivedAt: NOW });
    time += 61 * MINUTE;
    expect(await today()).toEqual([['V1', 'overstay']]);
    const { visit, results } = await desk['visits.checkOut']({ id: (await only()).id });
    expect(visit).toMatchObject({ state: 'left', leftAt: time, accessLeft: [] });
    expect(results).toMatchObject([{ platform: 'gate', removed: true, fault: null }]);
    expect(gate.people.has('V1')).toBe(false);
    await expect.poll(() => readdirSync(join(dir.path, 'photos'))).toEqual([]);
    expect((await desk['enrolment.get']({ id })).deliveries).toEqual([]);
    expect(await desk['enrolment.list']({ limit: 5 })).toEqual([]);
    time += DAY;
    expect(await today()).toEqual([]);
  });

  it('goes on where a platform could not be reached when somebody left', async () => {
    await enrol({ code: 'V1' }, ['gate', 'other']);
    other.before = (request) => {
      if (request.startsWith('remove')) throw unreachable();
    };
    const { id } = await only();
    const first = await desk['visits.checkOut']({ id });
    expect(first.visit).toMatchObject({ state: 'left', accessLeft: ['other'] });
    expect(first.results.map(({ platform, fault }) => [platform, fault?.kind])).toEqual([
      ['gate', undefined],
      ['other', 'unreachable'],
    ]);
    other.before = () => undefined;
    const again = await desk['visits.checkOut']({ id });
    expect(again.visit).toMatchObject({ leftAt: first.visit.leftAt, accessLeft: [] });
    expect(other.people.size).toBe(0);
    expect(gate.requests.filter((request) => request.startsWith('remove'))).toHaveLength(1);
  });

  it('takes what is left of access when it starts again', async () => {
    await enrol({ code: 'V1' });
    gate.before = () => {
      throw unreachable();
    };
    await desk['visits.checkOut']({ id: (await only()).id });
    await station.close();
    gate.before = () => undefined;
    const removed = new Promise<void>((resolve) => {
      gate.after = (request) => {
        if (request === 'remove V1') resolve();
      };
    });
    await start();
    await removed;
    expect(gate.people.size).toBe(0);
  });

  it('joins a registered visit when they come, and takes a registration back', async () => {
    const visit = { host: 'TP1', from: iso(NOW + 30 * MINUTE), to: iso(NOW + 90 * MINUTE) };
    const registered = await desk['visits.register']({ person: { ...ben, visit } });
    expect(registered).toMatchObject({ state: 'expected', enrolment: null, code: expect.stringMatching(/^V261123/) });
    time += 50 * MINUTE;
    expect(await today()).toEqual([[registered.code, 'overdue']]);
    await expect(desk['visits.checkIn']({ id: registered.id })).rejects.toMatchObject({
      fault: { code: 'visit-picture' },
    });
    await enrol({ code: registered.code, visit: { ...visit, from: iso(time) } });
    expect(await only()).toMatchObject({ id: registered.id, state: 'here', arrivedAt: time });
    await expect(desk['visits.cancel']({ id: registered.id })).rejects.toMatchObject({
      fault: { code: 'visit-begun' },
    });

    const tomorrow = { from: iso(NOW + DAY), to: iso(NOW + DAY + 60 * MINUTE) };
    const later = await desk['visits.register']({ person: { ...ben, visit: tomorrow } });
    expect((await desk['visits.list']({ when: 'later' })).map(({ id }) => id)).toEqual([later.id]);
    await desk['visits.cancel']({ id: later.id });
    expect(await desk['visits.list']({ when: 'later' })).toEqual([]);
    const past = { from: iso(NOW - 2 * DAY), to: iso(NOW - DAY) };
    await expect(desk['visits.register']({ person: { ...ben, visit: past } })).rejects.toMatchObject({
      fault: { code: 'visit-past', field: 'visit.to' },
    });
  });

  it('is checked in when the picture was taken ahead', async () => {
    await station.enrol({
      photo: { bytes: await portrait() },
      person: { ...ben, code: 'V1', visit: { from: iso(NOW + 10 * MINUTE), to: iso(NOW + 60 * MINUTE) } },
      to: ['gate'],
      urgency: 'batch',
    });
    const { id } = await only();
    expect(await today()).toEqual([['V1', 'expected']]);
    expect(await desk['visits.checkIn']({ id })).toMatchObject({ state: 'here', arrivedAt: NOW });
    await expect(desk['visits.checkIn']({ id })).rejects.toMatchObject({ fault: { code: 'visit-begun' } });
  });

  it('registers a list, or nothing of it', async () => {
    const list = (csv: string) => desk['visits.import']({ file: new TextEncoder().encode(csv) });
    const csv = 'name,phone,from,to\nBen,60123456789,2026-11-23 10:00,2026-11-23 11:00\nAnn,60129999999,,\n';
    expect(await list(csv)).toEqual({ registered: 2, reused: 0, already: 0, problems: [] });
    const bad = await list('name,from\nEve,\nMallory,soon\n');
    expect(bad).toMatchObject({ registered: 0, problems: [{ row: 3, reason: { field: 'visit.from' } }] });
    const visits = await desk['visits.list']({ when: 'today' });
    expect(visits).toHaveLength(2);
    // The same list again, with one more who comes again another day.
    const again = `${csv}Ben,+60 12-345 6789,2026-11-25 10:00,2026-11-25 11:00\n`;
    expect(await list(again)).toEqual({ registered: 1, reused: 1, already: 2, problems: [] });
    const later = await desk['visits.list']({ when: 'later' });
    expect(later.map(({ code }) => code)).toEqual(visits.filter(({ name }) => name === 'Ben').map(({ code }) => code));
    const traits = { name: 'Ben', phone: '0123456789' };
    expect(await desk['visits.resembling'](traits)).toMatchObject([{ name: 'Ben', sure: true, come: false }]);
    expect(await desk['visits.resembling']({ name: 'Ben' })).toEqual([]);
  });

  it('knows who was here before, and who can be visited', async () => {
    await enrol({ code: 'V1', visit: { company: 'Acme' } });
    await enrol({ ...anna, visit: undefined });
    const names = async (query: string) => (await desk['visits.known']({ query })).map(({ name }) => name);
    expect([await names(''), await names('3456'), await names('acm'), await names('ong'), await names('lim')]).toEqual([
      [],
      ['Ben Ong'],
      ['Ben Ong'],
      ['Ben Ong'],
      [],
    ]);
    expect(await desk['visits.hosts']({ query: 'an' })).toEqual([
      { code: 'TP012345', name: 'Anna Lim', department: null },
    ]);
    expect(await desk['visits.hosts']({ query: 'ong' })).toEqual([]);
    await desk['visits.register']({ person: { ...ben, code: 'V2', visit: { host: 'TP012345' } } });
    expect((await desk['visits.list']({ when: 'today' })).map(({ code, hostName }) => [code, hostName])).toEqual([
      ['V1', null],
      ['V2', 'Anna Lim'],
    ]);
  });

  it('finds hosts on platforms that can be searched, each by itself, and remembers their names', async () => {
    const asked: string[] = [];
    const searchable = (platform: FakePlatform, search: NonNullable<Connector['search']>) => {
      const { create } = platform.definition;
      platform.definition.create = (...args) => ({ ...create(...args), search });
      Object.assign(platform.definition, { capabilities: [...platform.definition.capabilities, 'search'] });
    };
    searchable(gate, async (name) => {
      asked.push(name);
      return [
        { code: 'TP7', name: 'Hannah Host', department: 'Law' },
        { code: 'TP8', name: 'Joanna Hosting', department: null },
        { code: null, name: 'Hannah Hostless', department: null },
      ];
    });
    searchable(other, async () => {
      throw unreachable();
    });
    await station.close();
    await start();
    const on = (query: string, platform: string) => desk['visits.hostsOn']({ query, platform });
    const hannah = { code: 'TP7', name: 'Hannah Host', department: 'Law' };
    expect(await desk['visits.hosts']({ query: 'hannah' })).toEqual([]);
    expect(await on('host ha', 'gate')).toEqual({ hosts: [hannah], fault: null });
    expect(asked).toEqual(['Host']);
    expect(await on('h', 'gate')).toEqual({ hosts: [], fault: null });
    expect(asked).toHaveLength(1);
    expect(await on('hannah', 'other')).toEqual({
      hosts: [],
      fault: expect.objectContaining({ kind: 'unreachable' }),
    });
    await expect(on('hannah', 'nowhere')).rejects.toMatchObject({ fault: { code: 'platform' } });
    expect(await desk['visits.hosts']({ query: 'hann' })).toEqual([hannah]);
    const visit = await desk['visits.register']({ person: { ...ben, visit: { host: 'TP7' } } });
    expect(visit.hostName).toBe('Hannah Host');

    // Kept with the visit: told after a restart, under another key, and when the visitor comes; who was not chosen is forgotten.
    await station.close();
    await rotateKey(dir.path, {}, time);
    await start();
    const names = async () => (await desk['visits.list']({ when: 'today' })).map(({ hostName }) => hostName);
    expect(await names()).toEqual(['Hannah Host']);
    expect(await desk['visits.hosts']({ query: 'TP7' })).toEqual([{ ...hannah, department: null }]);
    expect(await desk['visits.hosts']({ query: 'joanna' })).toEqual([]);
    await enrol({ code: visit.code, visit: { host: 'TP7' } });
    await station.close();
    await start();
    expect(await names()).toEqual(['Hannah Host']);
    // Another host is another name.
    await enrol({ code: visit.code, visit: { host: 'TP9' } });
    expect(await names()).toEqual([null]);
  });

  it('of a journal from before hosts’ names were kept is read as it is', () => {
    expect(sealedVisit.parse({ ...ben, code: 'V1' })).toMatchObject({ person: { code: 'V1' }, hostName: null });
    expect(sealedVisit.safeParse({ hostName: 'Hannah Host' }).success).toBe(false);
  });

  it('does not wait long for a platform that is silent', async () => {
    const over = new AbortController();
    const search: Connector['search'] = (_name, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(unreachable()));
      });
    const platforms = {
      get: () => ({ definition: { capabilities: ['search'] } }),
      connector: () => ({ search }),
    };
    const journal = { records: { everybody: () => [] } };
    const care = { journal, platforms, unexpected: () => undefined };
    const hosts = createHosts(care as unknown as Parameters<typeof createHosts>[0], () => over.signal);
    const answer = hosts.on('hannah', 'silent', never);
    over.abort();
    expect((await answer).fault?.kind).toBe('unreachable');
  });

  it('is a visit of its own when they come again, under the same code', async () => {
    await enrol({ code: 'V1', visit: { to: iso(NOW + 60 * MINUTE) } });
    time += DAY;
    await enrol({ code: 'V1', visit: { from: iso(time), to: iso(time + 60 * MINUTE) } });
    expect(await today()).toEqual([
      ['V1', 'here'],
      ['V1', 'left'],
    ]);
    expect(gate.people.size).toBe(1);
    expect(await desk['visits.known']({ query: 'ben' })).toHaveLength(1);
  });

  it('goes with the person, and is told to them', async () => {
    await enrol({ code: 'V1' });
    await desk['visits.register']({ person: { ...ben, code: 'V2' } });
    const told = JSON.parse((await desk['people.export']({ code: 'V1' })).json);
    expect(told.visits).toMatchObject([{ arrivedAt: iso(NOW), leftAt: null, person: { code: 'V1' } }]);
    await desk['people.remove']({ code: 'V1', from: null });
    const { receipt } = await desk['people.remove']({ code: 'V2', from: null });
    expect(receipt.local).toBe('erased');
    expect(await today()).toEqual([]);
  });

  it('is forgotten after the time the site keeps visits, with a visitor nothing else is kept of', async () => {
    const id = await enrol({ code: 'V1' });
    await desk['visits.register']({ person: { ...ben, code: 'V2' } });
    await desk['visits.checkOut']({ id: (await desk['visits.list']({ when: 'today' }))[0]?.id ?? '' });
    time += 29 * DAY;
    await station.close();
    await start();
    expect(await desk['enrolment.get']({ id })).toMatchObject({ code: 'V1' });
    time += 2 * DAY;
    await station.close();
    await start();
    await expect(desk['enrolment.get']({ id })).rejects.toMatchObject({ fault: { code: 'unknown-enrolment' } });
    expect(await desk['visits.known']({ query: 'ben' })).toEqual([]);
    expect(station.audit.verify()).toMatchObject({ whole: true });
  });

  it('shows the passes of platforms that give some, and the fault of one that fails', async () => {
    const pass: Pass = { text: 'QR-1', image: null, pin: '4711', validFrom: iso(NOW), validTo: null };
    const withPass = (platform: FakePlatform, give: () => Promise<Pass>) => {
      const { create } = platform.definition;
      platform.definition.create = (...args) => ({ ...create(...args), pass: give });
      Object.assign(platform.definition, { capabilities: [...platform.definition.capabilities, 'pass'] });
    };
    withPass(gate, async () => pass);
    withPass(other, async () => {
      throw unreachable();
    });
    await station.close();
    await start();
    const enrolment = await enrol({ code: 'V1' }, ['gate', 'other']);
    expect(await desk['visits.passes']({ enrolment })).toEqual([
      { platform: 'gate', text: 'QR-1', image: null, pin: '4711', validFrom: NOW, validTo: null, fault: null },
      expect.objectContaining({
        platform: 'other',
        text: null,
        fault: expect.objectContaining({ kind: 'unreachable' }),
      }),
    ]);
    await expect(desk['visits.passes']({ enrolment: 'nobody' })).rejects.toMatchObject({
      fault: { code: 'unknown-enrolment' },
    });
  });

  it("has the picture a platform keeps for a badge once the station's is gone", async () => {
    await enrol({ code: 'V1' });
    const { id } = await only();
    await expect.poll(() => readdirSync(join(dir.path, 'photos'))).toEqual([]);
    expect(await desk['visits.picture']({ id })).toEqual({ picture: null });
    gate.portrait = new Uint8Array(await portrait());
    const { picture } = await desk['visits.picture']({ id });
    expect(
      Buffer.from(picture ?? [])
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8');
  });
});
