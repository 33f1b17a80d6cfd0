import { beforeEach, describe, expect, it, vi } from 'vitest';

const call = vi.fn();
vi.mock('../../../src/renderer/bridge.ts', () => ({ bridge: { call } }));
const { useVisits } = await import('../../../src/renderer/stores/visits.ts');

/** A desk that keeps who is registered for which day. */
const days = { today: [] as string[], later: [] as string[] };
beforeEach(() => {
  days.today = ['V1'];
  days.later = [];
  call.mockImplementation(
    async (name: string, input: { when: keyof typeof days; person: { day: keyof typeof days } }) => {
      if (name === 'visits.list') return days[input.when].map((id) => ({ id }));
      if (name === 'visits.register') days[input.person.day].push('V2');
      if (name === 'visits.import') {
        days.later.push('V3');
        return { registered: 1, reused: 0, already: 0, problems: [] };
      }
    },
  );
  useVisits.getState().forget();
});
const listed = () => useVisits.getState().visits?.map(({ id }) => id);

describe('who was just registered', () => {
  it.each([
    ['today', ['V1', 'V2']],
    ['later', ['V2']],
  ] as const)('is listed: for %s', async (day, expected) => {
    await useVisits.getState().load('today');
    // The desk above needs no more of a person than the day.
    const person = { day } as unknown as Parameters<ReturnType<typeof useVisits.getState>['register']>[0];
    expect(await useVisits.getState().register(person)).toBeNull();
    expect(useVisits.getState().when).toBe(day);
    expect(listed()).toEqual(expected);
  });

  it('is listed after a list of people of another day', async () => {
    await useVisits.getState().load('today');
    await useVisits.getState().importList(new Uint8Array(1));
    expect(useVisits.getState().when).toBe('later');
    expect(listed()).toEqual(['V3']);
  });
});
