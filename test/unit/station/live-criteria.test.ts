import { describe, expect, it } from 'vitest';
import type { Connector } from '#platforms/contract';
import { PLATFORMS } from '#platforms/index';
import { unknownMeasures } from '#shared/measures';
import type { Criteria } from '#shared/quality';
import { assess, criteriaOf, type Judge } from '#station/check';
import { createLiveCriteria } from '#station/live-criteria';
import type { Platforms } from '#station/platforms';

const box = { id: 'box', definition: PLATFORMS.megvii };
const door = { id: 'door', definition: PLATFORMS.device };
const told: Criteria = { yaw: { min: -5, max: 5 }, roll: { min: -40, max: 40 } };
const judge: Judge = {
  config: { platforms: [box, door], quality: undefined },
  preset: () => 'standard',
  live: new Map([['box', told]]),
};

describe('the gate', () => {
  it('takes the stricter end of what the chosen platforms told', () => {
    expect(criteriaOf(judge).yaw).toEqual(told.yaw);
    expect(criteriaOf(judge).roll).toEqual({ min: -10, max: 10 });
    expect(criteriaOf(judge, ['box']).yaw).toEqual(told.yaw);
    expect(criteriaOf(judge, ['door']).yaw).toEqual({ min: -20, max: 20 });
  });

  it('refuses and foretells by them', () => {
    const rectangle = { x: 100, y: 100, width: 200, height: 260 };
    const look = {
      width: 600,
      height: 800,
      faces: [{ box: rectangle, score: 1, relativeSize: 1 }],
      box: rectangle,
      eyes: null,
      measures: { ...unknownMeasures(), yaw: 9 },
      ms: 1,
    };
    const yawed = (platforms: string[]) =>
      assess(look, judge, platforms).reasons.some(({ measure }) => measure === 'yaw');
    expect(yawed(['box'])).toBe(true);
    expect(yawed(['door'])).toBe(false);
    expect(assess(look, judge, ['box']).platforms.box?.code).toBe(101053);
  });
});

describe('live criteria', () => {
  function platforms(criteria: () => Promise<Criteria | null>): Platforms & { asked: number } {
    const room = {
      asked: 0,
      configured: [box, door].map((platform) => ({ ...platform, config: {} })) as unknown as Platforms['configured'],
      has: () => true,
      get: () => {
        throw new Error('not used');
      },
      connector: () =>
        ({
          criteria: () => {
            room.asked++;
            return criteria();
          },
        }) as unknown as Connector,
      forget: () => {},
      change: () => {},
      close: async () => {},
    };
    return room;
  }
  const open = new AbortController().signal;

  it('are asked of the platforms that tell, and forgotten when there are none any more', async () => {
    let answer: Criteria | null = told;
    const room = platforms(async () => answer);
    const live = createLiveCriteria(room, () => 0, open);
    await live.refresh();
    expect([...live.known]).toEqual([['box', told]]);
    expect(room.asked).toBe(1);
    answer = null;
    await live.refresh();
    expect(live.known.size).toBe(0);
  });

  it('stay known while the platform cannot be asked, which is left alone for a minute', async () => {
    let now = 0;
    let up = true;
    const room = platforms(async () => {
      if (!up) throw new Error('unreachable');
      return told;
    });
    const live = createLiveCriteria(room, () => now, open);
    await live.refresh();
    up = false;
    await live.refresh();
    await live.refresh();
    expect(live.known.get('box')).toEqual(told);
    expect(room.asked).toBe(2);
    now = 60_001;
    await live.refresh();
    expect(room.asked).toBe(3);
  });
});
