import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SharedPace } from '#platforms/contract';
import { createPace } from '#station/journal/pace';
import { MIGRATIONS } from '#station/journal/schema';
import { createSql } from '#station/journal/sql';

const RULE = { limit: 5, windowMs: 1_050, holdMs: 5_000 };
let now: number;
let kiosk: SharedPace;
let command: SharedPace;

beforeEach(() => {
  const db = new DatabaseSync(':memory:');
  for (const { up } of MIGRATIONS) up(db);
  now = 1_000_000;
  kiosk = createPace(createSql(db), () => now);
  command = createPace(createSql(db), () => now);
});

const place = (pace: SharedPace, account = 'a'): number => {
  const taken = pace.take(account, RULE);
  if (!('place' in taken)) throw new Error(`has to wait ${taken.waitMs} ms`);
  return taken.place;
};

describe('the pace processes share', () => {
  it('gives five places to both together, and says how long the sixth waits', () => {
    const places = [place(kiosk), place(command), place(kiosk), place(command), place(kiosk)];
    for (const each of places) kiosk.answered(each);
    now += 50;
    expect(command.take('a', RULE)).toEqual({ waitMs: 1_000 });
    now += 1_000;
    expect(place(command)).toBeGreaterThan(0);
  });

  it('counts from the answer, not from the sending', () => {
    const first = place(kiosk);
    for (let n = 0; n < 4; n++) kiosk.answered(place(kiosk));
    now += 900;
    kiosk.answered(first);
    now += 200;
    for (let n = 0; n < 4; n++) place(command);
    expect(command.take('a', RULE)).toEqual({ waitMs: 850 });
  });

  it('frees what a dead process held', () => {
    for (let n = 0; n < 5; n++) place(kiosk);
    expect(command.take('a', RULE)).toEqual({ waitMs: 6_050 });
    now += 6_050;
    place(command);
  });

  it('does not lock the door when the clock is set back', () => {
    for (let n = 0; n < 5; n++) kiosk.answered(place(kiosk));
    now -= 3_600_000;
    expect(command.take('a', RULE)).toEqual({ waitMs: 1_050 });
    now += 1_050;
    place(command);
  });

  it('keeps accounts apart', () => {
    for (let n = 0; n < 5; n++) place(kiosk, 'a');
    place(kiosk, 'b');
  });
});
