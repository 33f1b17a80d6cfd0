import { expect, it } from 'vitest';
import { createLoneEnter } from '../../../src/renderer/lib/use-lone-enter.ts';

const enter = (timeStamp: number, repeat = false) => ({ key: 'Enter', repeat, timeStamp });

it('takes an Enter that stands alone, each time', () => {
  const lone = createLoneEnter(1000);
  expect(lone.take(enter(1900))).toBe(true);
  expect(lone.take(enter(3000))).toBe(true);
  expect(lone.take({ ...enter(5000), key: ' ' })).toBe(false);
});

it('takes none that ends a scanned code, nor the second one some scanners send', () => {
  const lone = createLoneEnter(0);
  for (const [at, key] of [...'TP012345'].entries()) {
    expect(lone.take({ key, repeat: false, timeStamp: 5000 + at * 30 })).toBe(false);
  }
  expect(lone.take(enter(5240))).toBe(false);
  expect(lone.take(enter(5270))).toBe(false);
});

it('takes none that came with the screen or has been held since the one before', () => {
  const lone = createLoneEnter(1000);
  expect(lone.take(enter(1200))).toBe(false);
  expect(lone.take(enter(1900, true))).toBe(false);
  expect(lone.take(enter(2500, true))).toBe(false);
});
