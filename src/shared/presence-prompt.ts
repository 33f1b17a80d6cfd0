import type { PresenceState } from './presence.ts';

/** What the presence check says to the person, one thing at a time. Sides are the person's own. */
export const PRESENCE_PROMPTS = [
  'blink',
  'turn-left',
  'turn-right',
  'straight',
  'timed-out',
  'other-move',
  'flat',
  'replaced',
  'help',
] as const;
export type PresencePrompt = (typeof PRESENCE_PROMPTS)[number];

/** The prompt of a state; null while the ordinary guidance speaks. `help`: the tries are used up. */
export function presencePrompt(state: PresenceState, tries: number): PresencePrompt | null {
  switch (state.phase) {
    case 'settling':
    case 'passed':
      return null;
    case 'acting':
      return state.part === 'back' ? 'straight' : (state.actions[state.step] ?? 'straight');
    case 'failed':
      return state.tries >= tries ? 'help' : state.reason;
  }
}

/** How far the check has come, 0–1. */
export function presenceProgress(state: PresenceState): number {
  if (state.phase === 'passed') return 1;
  if (state.phase !== 'acting') return 0;
  return (state.step + (state.part === 'back' ? 0.8 : 0)) / state.actions.length;
}
