import { describe, expect, it } from 'vitest';
import { type RequestFacts, refusal } from '#main/loopback/guard';

const read: RequestFacts = {
  method: 'GET',
  host: '127.0.0.1:4200',
  origin: undefined,
  fetchSite: 'same-origin',
  fetchMode: 'cors',
  upgrade: false,
};
const post: RequestFacts = { ...read, method: 'POST', origin: 'http://127.0.0.1:4200' };
const socket: RequestFacts = { ...post, method: 'GET', upgrade: true, fetchMode: 'websocket' };
const code = (facts: RequestFacts, port = 4200) => refusal(facts, port)?.code ?? null;

describe('refusal', () => {
  it('lets our own page read, call and listen', () => {
    for (const facts of [read, post, socket]) expect(refusal(facts, 4200)).toBeNull();
    expect(code({ ...post, fetchSite: undefined, fetchMode: undefined })).toBeNull();
  });

  it.each([
    undefined,
    '',
    'localhost:4200',
    '127.0.0.1',
    '127.0.0.1:4201',
    'evil.example:4200',
    '127.0.0.1:4200.evil',
    '[::1]:4200',
  ])('refuses host %j', (host) => {
    for (const facts of [read, post, socket]) expect(code({ ...facts, host })).toBe('host');
  });

  it.each([
    'http://127.0.0.1:4201',
    'https://127.0.0.1:4200',
    'http://localhost:4200',
    'http://evil.example',
    'null',
    '',
  ])('refuses origin %j', (origin) => {
    for (const facts of [read, post, socket]) expect(code({ ...facts, origin })).toBe('origin');
  });

  it('wants an origin of everything that acts', () => {
    expect(code({ ...post, origin: undefined })).toBe('origin');
    expect(code({ ...socket, origin: undefined })).toBe('origin');
    expect(code({ ...post, method: 'DELETE', origin: undefined })).toBe('origin');
    expect(code(read)).toBeNull();
  });

  it('believes the browser when it says another site asks', () => {
    for (const fetchSite of ['cross-site', 'same-site']) {
      for (const facts of [read, post, socket]) expect(code({ ...facts, fetchSite })).toBe('site');
    }
    expect(code({ ...post, fetchSite: 'none' })).toBe('site');
  });

  it('lets the page be opened from anywhere, and only opened', () => {
    expect(code({ ...read, fetchMode: 'navigate', fetchSite: 'cross-site' })).toBeNull();
    expect(code({ ...post, fetchMode: 'navigate', fetchSite: 'cross-site' })).toBe('site');
  });

  it('knows that port 80 is left out of a Host header', () => {
    expect(code({ ...post, host: '127.0.0.1', origin: 'http://127.0.0.1' }, 80)).toBeNull();
    expect(code({ ...read, host: '127.0.0.1' }, 8080)).toBe('host');
  });
});
