import { describe, expect, it } from 'vitest';
import { afterCrash, crashPage } from '#main/electron/crash';
import { acceptsSender } from '#main/electron/ipc';
import { actualBackend, changedKeyStore, type KeyStore, mayKeepKey } from '#main/electron/key-policy';
import { mayDownload, mayNavigate, mayOpenOutside, mayRequest } from '#main/electron/navigation';
import { ownUrl } from '#main/electron/origin';
import { type PermissionQuestion, permits } from '#main/electron/permissions';
import { readSwitches } from '#main/electron/switches';

const FOREIGN = [
  'https://station/',
  'app://station.evil/',
  'app://evil/',
  'app://user@station/',
  'app://station:81/',
  'file:///station/',
  'appx://station/',
  'about:blank',
  'null',
  '',
];

describe('ownUrl', () => {
  it('knows our own origin', () => {
    expect(ownUrl('app://station/')?.pathname).toBe('/');
    expect(ownUrl('app://station')).not.toBeNull();
  });
  it.each(FOREIGN)('refuses %j', (url) => expect(ownUrl(url)).toBeNull());
});

describe('permits', () => {
  const camera: PermissionQuestion = {
    permission: 'media',
    media: ['video'],
    mainFrame: true,
    askers: ['app://station/', undefined, ''],
  };
  it('gives our own main frame the camera', () => expect(permits(camera)).toBe(true));
  it.each<[string, Partial<PermissionQuestion>]>([
    ['the microphone', { media: ['audio'] }],
    ['the microphone with the camera', { media: ['video', 'audio'] }],
    ['nothing named', { media: [] }],
    ['an unknown medium', { media: ['unknown'] }],
    ['the screen', { permission: 'display-capture' }],
    ['notifications', { permission: 'notifications', media: [] }],
    ['a frame inside', { mainFrame: false }],
    ['an asker who is not ours', { askers: ['app://station/', 'https://evil.example/'] }],
    ['no asker at all', { askers: [undefined, ''] }],
  ])('refuses %s', (_what, change) => expect(permits({ ...camera, ...change })).toBe(false));
  it.each(FOREIGN.filter((url) => url !== ''))('refuses %j', (url) => {
    expect(permits({ ...camera, askers: [url] })).toBe(false);
  });
});

describe('navigation', () => {
  it('goes to its own start and nowhere else', () => {
    expect(mayNavigate('app://station/')).toBe(true);
    expect(mayNavigate('app://station/index.html#x')).toBe(true);
    expect(mayNavigate('app://station/engine/facemesh.json')).toBe(false);
    for (const url of FOREIGN) expect(mayNavigate(url)).toBe(false);
  });

  it('opens https pages of the list outside, and the lab’s own', () => {
    const lab = 'http://127.0.0.1:4100/';
    expect(mayOpenOutside('https://github.com/vladmandic/human', lab)).toBe(true);
    expect(mayOpenOutside('http://127.0.0.1:4100/people', lab)).toBe(true);
    for (const url of [
      'http://127.0.0.1:4101/',
      'http://github.com/',
      'https://github.com:8443/',
      'https://github.com.evil.example/',
      'https://user:pw@github.com/',
      'file:///etc/passwd',
      'ms-settings:',
      'javascript:alert(1)',
      'https://evil.example/',
      'not a url',
    ]) {
      expect(mayOpenOutside(url, lab), url).toBe(false);
    }
    expect(mayOpenOutside('http://127.0.0.1:4100/', null)).toBe(false);
  });

  it('loads from our scheme alone', () => {
    for (const url of ['app://station/assets/x.js', 'blob:app://station/0b1c', 'data:image/png;base64,AA']) {
      expect(mayRequest(url, false), url).toBe(true);
    }
    for (const url of [
      'https://example.com/',
      'ws://127.0.0.1/',
      'blob:https://evil.example/1',
      'file:///x',
      'nonsense',
    ]) {
      expect(mayRequest(url, true), url).toBe(false);
    }
    expect(mayRequest('devtools://devtools/bundled/x.js', false)).toBe(false);
    expect(mayRequest('devtools://devtools/bundled/x.js', true)).toBe(true);
  });
});

describe('acceptsSender', () => {
  const page = { ourWindow: true, mainFrame: true, url: 'app://station/' };
  it('takes calls from our page', () => expect(acceptsSender(page)).toBe(true));
  it('takes none from anybody else', () => {
    expect(acceptsSender(null)).toBe(false);
    expect(acceptsSender({ ...page, ourWindow: false })).toBe(false);
    expect(acceptsSender({ ...page, mainFrame: false })).toBe(false);
    for (const url of FOREIGN) expect(acceptsSender({ ...page, url })).toBe(false);
  });
});

describe('afterCrash', () => {
  it('reloads three times within a minute, then explains, then forgives', () => {
    let history: number[] = [];
    const actions = [0, 1_000, 2_000, 3_000, 60_000].map((now) => {
      const decision = afterCrash(history, now, 'crashed');
      history = decision.history;
      return decision.action;
    });
    expect(actions).toEqual(['reload', 'reload', 'reload', 'explain', 'reload']);
  });
  it('leaves a clean exit alone and never retries what cannot start', () => {
    expect(afterCrash([], 0, 'clean-exit').action).toBe('ignore');
    expect(afterCrash([], 0, 'launch-failed').action).toBe('explain');
    expect(afterCrash([], 0, 'integrity-failure').action).toBe('explain');
  });
  it('explains without script and offers the way back', () => {
    expect(crashPage()).not.toContain('<script');
    expect(crashPage()).toContain('href="app://station/"');
  });
});

describe('mayKeepKey', () => {
  const keyring: KeyStore = { platform: 'linux', available: true, backend: 'gnome_libsecret', allowBasicText: false };
  it('uses a keyring', () => expect(mayKeepKey(keyring)).toEqual({ ok: true, backend: 'gnome_libsecret' }));
  it('refuses plain text unless told, and says what to do', () => {
    const refused = mayKeepKey({ ...keyring, backend: 'basic_text' });
    expect(refused).toMatchObject({ ok: false });
    expect(refused.ok ? '' : refused.message).toContain('VESTIBULE_ALLOW_BASIC_TEXT=1');
    expect(mayKeepKey({ ...keyring, backend: 'basic_text', allowBasicText: true })).toEqual({
      ok: true,
      backend: 'basic_text',
    });
  });
  it('refuses a key store that does not answer, whatever is allowed', () => {
    expect(mayKeepKey({ ...keyring, available: false, allowBasicText: true })).toMatchObject({ ok: false });
    expect(mayKeepKey({ ...keyring, platform: 'darwin', available: false })).toMatchObject({ ok: false });
  });
  it('believes what was written over what was promised', () => {
    const text = (value: string) => new TextEncoder().encode(value);
    expect(actualBackend('linux', 'gnome_libsecret', text('v10abc'))).toBe('basic_text');
    expect(actualBackend('linux', 'gnome_libsecret', text('v11abc'))).toBe('gnome_libsecret');
    expect(actualBackend('darwin', 'darwin', text('v10abc'))).toBe('darwin');
  });
  it('names both key stores when they differ', () => {
    expect(changedKeyStore('kwallet6', 'gnome_libsecret')).toMatch(/kwallet6.*gnome_libsecret/);
  });
});

describe('readSwitches', () => {
  it('resolves paths and connects the lab when nothing else is configured', () => {
    expect(readSwitches([], '/w')).toEqual({
      config: null,
      data: null,
      lab: true,
      clearOperators: false,
      kiosk: false,
    });
    expect(readSwitches(['--kiosk'], '/w')).toMatchObject({ kiosk: true });
    expect(readSwitches(['--config', 'a.json', '--data=d'], '/w')).toEqual({
      config: '/w/a.json',
      data: '/w/d',
      lab: false,
      clearOperators: false,
      kiosk: false,
    });
    expect(readSwitches(['--clear-operators'], '/w').clearOperators).toBe(true);
    expect(readSwitches(['--config', '/a.json', '--lab'], '/w')).toMatchObject({ config: '/a.json', lab: true });
  });
  it('leaves Chromium’s own switches alone', () => {
    expect(readSwitches(['--no-sandbox', '--lang=en', '--config', 'x', 'page'], '/')).toMatchObject({ config: '/x' });
  });
  it.each([['--config'], ['--data'], ['--config', '--lab'], ['--data=']])('says what %j lacks', (...args) => {
    expect(() => readSwitches(args, '/')).toThrow(/--(config wants a file|data wants a folder)/);
  });
});

describe('downloads', () => {
  it('are what the page made itself, and nothing else', () => {
    expect(mayDownload('blob:app://station/0e1f')).toBe(true);
    for (const url of [
      'https://example.com/x',
      'blob:https://example.com/1',
      'app://station/x',
      'data:,x',
      'nonsense',
    ]) {
      expect(mayDownload(url), url).toBe(false);
    }
  });
});
