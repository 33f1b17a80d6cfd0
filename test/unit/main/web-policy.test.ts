import { describe, expect, it } from 'vitest';
import { cacheControl, securityHeaders } from '#main/web-policy';

describe('securityHeaders', () => {
  const headers = securityHeaders();
  const directives = new Map(
    (headers['content-security-policy'] ?? '').split('; ').map((part) => {
      const [name = '', ...values] = part.split(' ');
      return [name, values];
    }),
  );

  it('starts from nothing and lets in ourselves alone', () => {
    expect(directives.get('default-src')).toEqual(["'none'"]);
    const allowed = new Set([...directives.values()].flat());
    expect(allowed).toEqual(new Set(["'none'", "'self'", "'wasm-unsafe-eval'", 'blob:', 'data:']));
  });

  it('compiles WebAssembly and never text', () => {
    expect(directives.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(headers['content-security-policy']).not.toMatch(/'unsafe-(eval|inline)'/);
  });

  it('cannot be framed, cannot post forms, cannot change its base', () => {
    for (const name of ['frame-ancestors', 'form-action', 'base-uri']) expect(directives.get(name)).toEqual(["'none'"]);
  });

  it('gives the camera to the page and the microphone to nobody', () => {
    expect(headers['permissions-policy']).toContain('camera=(self)');
    expect(headers['permissions-policy']).toContain('microphone=()');
  });

  it('hands out a fresh object: one caller cannot loosen it for the next', () => {
    securityHeaders()['content-security-policy'] = '';
    expect(securityHeaders()['content-security-policy']).not.toBe('');
  });
});

describe('cacheControl', () => {
  it('keeps what has a hash in its name and asks again for the rest', () => {
    expect(cacheControl('/assets/index-B7k2_x9Q.js')).toContain('immutable');
    for (const path of [
      '/',
      '/index.html',
      '/engine/facemesh.bin',
      '/assets/logo.svg',
      '/x/assets/index-B7k2_x9Q.js',
    ]) {
      expect(cacheControl(path)).toBe('no-cache');
    }
  });
});
