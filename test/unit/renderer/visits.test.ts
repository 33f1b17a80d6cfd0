import { describe, expect, it } from 'vitest';
import type { PlatformPass, VisitState, VisitView } from '#shared/visits';
import { badgeCodes } from '../../../src/renderer/lib/badge-content.ts';
import { hostSources, hostSuggestion, withHosts } from '../../../src/renderer/lib/host-search.ts';
import { imagePdf } from '../../../src/renderer/lib/image-pdf.ts';
import { endsEarly, onBadge, renewIn } from '../../../src/renderer/lib/pass-lasts.ts';
import { emptyDraft } from '../../../src/renderer/lib/person-draft.ts';
import { qrCode } from '../../../src/renderer/lib/qr-code.ts';
import { createScanReader } from '../../../src/renderer/lib/scan-reader.ts';
import { meaningOf } from '../../../src/renderer/lib/scanned.ts';
import { countFilters, FILTERS, matching } from '../../../src/renderer/lib/visit-filter.ts';
import { draftOfKnown, draftOfVisit, withVisitDefaults } from '../../../src/renderer/lib/visitor-draft.ts';

const NOW = new Date('2026-11-23T09:12').getTime();
const HOUR = 3_600_000;
const visit = (code: string, state: VisitState, person: Partial<VisitView['person']> = {}): VisitView => ({
  id: code,
  code,
  name: 'Ben Ong',
  state,
  from: NOW + HOUR,
  to: NOW + 2 * HOUR,
  arrivedAt: null,
  leftAt: null,
  enrolment: null,
  hostName: null,
  accessLeft: [],
  person: { kind: 'visitor', code, name: { family: 'Ong', given: 'Ben' }, ...person },
});

describe("a visitor's form", () => {
  it('needs neither code nor times typed, and keeps what was typed', () => {
    const draft = withVisitDefaults(emptyDraft(), NOW, '18:00', () => 0);
    expect(draft).toMatchObject({
      kind: 'visitor',
      code: 'V26112322222',
      fields: { 'visit.from': '2026-11-23T09:12', 'visit.to': '2026-11-23T18:00' },
    });
    const typed = { ...draft, code: 'X1', fields: { ...draft.fields, 'visit.to': '2026-11-23T10:00' } };
    expect(withVisitDefaults(typed, NOW, '18:00')).toEqual(typed);
  });

  it('is filled with what was registered: from now where they come early, with a new end where it is past', () => {
    const registered = visit('V1', 'expected', { phone: '0123', visit: { host: 'TP1' } });
    expect(draftOfVisit(registered, NOW, '18:00')).toMatchObject({
      code: 'V1',
      family: 'Ong',
      fields: {
        phone: '0123',
        'visit.host': 'TP1',
        'visit.from': '2026-11-23T09:12',
        'visit.to': '2026-11-23T11:12',
      },
    });
    const late = draftOfVisit({ ...registered, from: NOW - 2 * HOUR, to: NOW - HOUR }, NOW, '18:00');
    expect(late.fields['visit.to']).toBe('2026-11-23T18:00');
  });

  it('knows who was here before under their code, and asks anew when', () => {
    const last = { from: '2026-01-01T09:00:00Z', to: '2026-01-01T10:00:00Z', company: 'Acme' };
    const draft = draftOfKnown({ ...visit('V1', 'left').person, visit: last }, NOW, '18:00');
    expect([draft.code, draft.fields['visit.company'], draft.fields['visit.from']]).toEqual([
      'V1',
      'Acme',
      '2026-11-23T09:12',
    ]);
  });
});

describe('the list of visitors', () => {
  const visits = [
    visit('V1', 'overdue', { visit: { company: 'Acme' } }),
    visit('V2', 'overstay', { phone: '0123' }),
    { ...visit('V3', 'left'), hostName: 'Ánna Lim' },
  ];
  const codes = (query: string, filter: Parameters<typeof matching>[2] = 'all') =>
    matching(visits, query, filter).map(({ code }) => code);

  it('is searched by code, name, company, host and phone, and filtered by what they are', () => {
    expect(codes('')).toEqual(['V1', 'V2', 'V3']);
    expect([codes('v2'), codes('ong acme'), codes('0123'), codes('anna'), codes('eve')]).toEqual([
      ['V2'],
      ['V1'],
      ['V2'],
      ['V3'],
      [],
    ]);
    expect([codes('', 'expected'), codes('', 'here'), codes('', 'left')]).toEqual([['V1'], ['V2'], ['V3']]);
    const counts = countFilters(visits);
    expect(counts).toEqual({ all: 3, expected: 1, here: 1, overstay: 1, left: 1 });
    for (const filter of FILTERS) expect(codes('', filter)).toHaveLength(counts[filter]);
  });
});

describe('a code on paper', () => {
  const pass: PlatformPass = {
    platform: 'box',
    text: 'x',
    image: null,
    pin: null,
    validFrom: null,
    validTo: null,
    fault: null,
  };
  it.each([
    ['without an end', pass, true],
    ['good until the visit ends', { ...pass, validTo: NOW - 30_000 }, true],
    ['that changes every few minutes', { ...pass, validTo: NOW - HOUR }, false],
    ['that is none', { ...pass, text: null }, false],
  ])('is a pass %s, or not', (_what, one, expected) => {
    expect(onBadge([one], NOW).printed).toEqual(expected ? [one] : []);
  });

  it('is told where it is not on the badge: it ends early, there is no room, or it was not to be had', () => {
    const of = (platform: string, more: Partial<PlatformPass> = {}) => ({ ...pass, platform, ...more });
    const fault = { kind: 'unreachable', code: 'x', message: 'x' } as const;
    const early = of('early', { validTo: NOW - HOUR });
    const { printed, left } = onBadge(
      [early, of('a'), of('gone', { text: null, fault }), of('b'), of('c'), of('none', { text: null })],
      NOW,
    );
    expect(printed.map(({ platform }) => platform)).toEqual(['a', 'b']);
    expect(left).toEqual([
      { platform: 'early', why: 'early', until: NOW - HOUR },
      { platform: 'gone', why: 'fault' },
      { platform: 'c', why: 'room' },
    ]);
    expect([endsEarly(early, NOW), endsEarly(of('a'), NOW)]).toEqual([true, false]);
  });

  it('is renewed on the screen when the first of them has expired, never in a hurry', () => {
    const ends = (validTo: number | null): PlatformPass => ({ ...pass, validTo });
    expect(renewIn([ends(null), { ...ends(NOW + 1), text: null }], NOW)).toBeNull();
    expect(renewIn([ends(NOW + HOUR), ends(NOW + 600_000), ends(null)], NOW)).toBe(600_000);
    expect(renewIn([ends(NOW - HOUR)], NOW)).toBe(30_000);
  });

  it('is drawn here, as a picture with nothing foreign in it', () => {
    const [, base64 = ''] = /^data:image\/svg\+xml;base64,(.+)$/.exec(qrCode('V26112322222')) ?? [];
    const svg = atob(base64);
    // 21 modules and four of margin on each side.
    expect(svg).toMatch(/<svg [^>]*viewBox="-4 -4 29 29"/);
    expect(svg).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    expect(qrCode('another')).not.toBe(qrCode('V26112322222'));
  });
});

describe('who can be visited', () => {
  const host = (code: string, name: string, department: string | null = null) => ({ code, name, department });

  it('is asked of servers before terminals, and of no more than a few', () => {
    const platform = (id: string, kind: string, capabilities = ['search']) => ({ id, kind, capabilities });
    const terminals = Array.from({ length: 9 }, (_, n) => platform(`door-${n}`, 'device'));
    const sources = hostSources([...terminals, platform('hcp', 'hcp'), platform('old', 'megvii', [])]);
    expect(sources).toHaveLength(6);
    expect(sources.slice(0, 2)).toEqual(['hcp', 'door-0']);
  });

  it('is one person by one code, who keeps their place in the list', () => {
    const here = withHosts([], [host('TP1', 'Anna Lim')], null);
    const more = withHosts(here, [host('TP2', 'Anna Ng'), host('TP1', 'LIM ANNA', 'Law')], 'hcp');
    const all = withHosts(more, [host('TP2', 'Ng, Anna')], 'megvii');
    expect(all).toEqual([
      { ...host('TP1', 'Anna Lim', 'Law'), places: ['hcp'] },
      { ...host('TP2', 'Anna Ng'), places: ['hcp', 'megvii'] },
    ]);
    const many = Array.from({ length: 30 }, (_, n) => host(`X${n}`, 'X'));
    expect(withHosts(all, many, 'hcp')).toHaveLength(20);
  });

  it('is offered with the code that is taken, and where they are known', () => {
    const [anna] = withHosts([], [host('TP1', 'Anna Lim', 'Law')], 'hcp');
    if (!anna) throw new Error('nobody');
    expect(hostSuggestion(anna, (id) => id.toUpperCase())).toEqual({
      value: 'TP1',
      name: 'Anna Lim',
      detail: 'TP1 · Law · HCP',
    });
  });
});

describe('a scanner that types', () => {
  const typed = (text: string, gap: number, end = gap) => {
    const reader = createScanReader();
    let at = 1_000;
    const keys = [...text].flatMap((key) => (key === key.toLowerCase() ? [key] : ['Shift', key]));
    for (const key of keys) {
      at += gap;
      reader.take(key, at);
    }
    return reader.take('Enter', at + end);
  };
  it('is told from hands by its speed, and ends with Enter', () => {
    expect(typed('TP012345', 8)).toEqual({ code: 'TP012345' });
    expect(typed('TP012345', 35)).toEqual({ code: 'TP012345' });
    expect(typed('TP012345', 90)).toBeNull();
    expect(typed('TP012345', 8, 400)).toBeNull();
    expect(typed('123', 8)).toBeNull();
  });
  it('leaves out what was typed before, and hears each code once', () => {
    const reader = createScanReader();
    reader.take('x', 0);
    for (const [n, key] of [...'V1234'].entries()) reader.take(key, 500 + n * 10);
    expect(reader.take('Enter', 545)).toEqual({ code: 'V1234' });
    expect(reader.take('Enter', 550)).toBeNull();
  });
});

describe('a scanned code', () => {
  const staff = { kind: 'staff', code: 'TP1', name: { display: 'Anna' } } as const;
  it('checks a visitor out or in, or has their picture taken', () => {
    const left = visit('V1', 'left');
    const here = { ...visit('V1', 'overstay'), id: 'second' };
    expect(meaningOf('V1', [left, here], null)).toEqual({ what: 'leave', visit: here });
    const ahead = { ...visit('V2', 'overdue'), enrolment: 'e' };
    expect(meaningOf('V2', [ahead], null)).toEqual({ what: 'arrive', visit: ahead });
    expect(meaningOf('V3', [visit('V3', 'expected')], null).what).toBe('welcome');
    expect(meaningOf('V1', [left], left.person)).toEqual({ what: 'again', person: left.person });
  });
  it('begins an enrolment of staff, known or new', () => {
    expect(meaningOf('TP1', [], staff)).toEqual({ what: 'known', person: staff });
    expect(meaningOf('TP2', [], null)).toEqual({ what: 'new', code: 'TP2' });
  });
  it.each(['https://example.org/?q=1', '{"a":1}', ''])('is nothing when nobody can have it: %s', (code) => {
    expect(meaningOf(code, [], null)).toEqual({ what: 'nothing' });
  });
});

describe('a badge', () => {
  const pass = (platform: string, more: Partial<PlatformPass & { drawn: string | null }>) => ({
    ...{ platform, text: null, image: null, drawn: null, pin: null, validFrom: null, validTo: null, fault: null },
    ...more,
  });
  const words = { title: (id: string) => id.toUpperCase(), t: ((key: string) => key) as never };
  const owner = { person: visit('V1', 'here').person, to: NOW + HOUR };

  it('has the code of every platform whose pass lasts, and its own for the desk', () => {
    const image = new Uint8Array(1);
    const codes = badgeCodes(
      owner,
      [
        pass('short', { text: 'S', validTo: NOW }),
        pass('box', { image, drawn: 'blob:x', validTo: NOW + 2 * HOUR }),
        pass('cloud', { text: 'C', pin: '4711' }),
        pass('third', { text: 'T' }),
      ],
      words,
    );
    expect(codes.map(({ label, text }) => [label, text])).toEqual([
      ['BOX', null],
      ['CLOUD', '4711'],
      ['badge.atDesk', 'V1'],
    ]);
    expect(codes.map(({ qr }) => qr)).toEqual(['blob:x', qrCode('C'), qrCode('V1')]);
    expect(badgeCodes(owner, [pass('cloud', { text: 'C' })], words).at(-1)?.label).toBeNull();
  });

  it('is kept as a document of one page of its size, whose parts are where its table says', () => {
    const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0x00, 0x80, 0xd9]);
    const bytes = Buffer.from(imagePdf(jpeg, { width: 1016, height: 1465 }, { width: 86, height: 124 }));
    const text = bytes.toString('latin1');
    expect(text).toContain('/MediaBox [0 0 243.78 351.50]');
    const table = Number(/startxref\n(\d+)/.exec(text)?.[1]);
    const offsets = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) => Number(at));
    expect(offsets.map((at, n) => text.startsWith(`${n + 1} 0 obj\n`, at))).toEqual(Array(5).fill(true));
    expect(bytes.includes(Buffer.from(jpeg))).toBe(true);
  });
});
