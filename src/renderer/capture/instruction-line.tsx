import { useEffect, useRef, useState } from 'react';
import type { Instruction } from '#shared/guidance';
import type { PresencePrompt } from '#shared/presence-prompt';
import { Icon, type IconName } from '../components/icons.tsx';
import styles from './instruction-line.module.css';

/** What the line says: the guidance's word, or the presence check's. */
export type Shown = Instruction | `presence-${PresencePrompt}`;

/** The sign beside an instruction. Directions are the person's own: unmirrored, their left is at the right of the screen. */
const SIGNS: Record<Shown, IconName> = {
  good: 'check',
  'no-face': 'face',
  'one-person': 'people',
  'come-closer': 'closer',
  'move-back': 'farther',
  'move-left': 'arrow-left',
  'move-right': 'arrow-right',
  'move-up': 'arrow-up',
  'move-down': 'arrow-down',
  'look-straight': 'face',
  'turn-left': 'turn-left',
  'turn-right': 'turn-right',
  'raise-chin': 'arrow-up',
  'lower-chin': 'arrow-down',
  'tilt-left': 'tilt-left',
  'tilt-right': 'tilt-right',
  'uncover-face': 'face',
  'open-eyes': 'eye',
  'close-mouth': 'face',
  'more-light': 'sun',
  'too-bright': 'sun',
  'turn-to-light': 'sun',
  'flat-light': 'sun',
  'hold-still': 'pause',
  'presence-blink': 'eye',
  'presence-turn-left': 'turn-left',
  'presence-turn-right': 'turn-right',
  'presence-straight': 'face',
  'presence-timed-out': 'refresh',
  'presence-other-move': 'refresh',
  'presence-flat': 'refresh',
  'presence-replaced': 'refresh',
  'presence-help': 'people',
};

const SIDED: ReadonlySet<Shown> = new Set([
  'move-left',
  'move-right',
  'turn-left',
  'turn-right',
  'tilt-left',
  'tilt-right',
  'presence-turn-left',
  'presence-turn-right',
]);

/** Somebody who listens hears a new instruction at most this often. */
const SPEAK_EVERY_MS = 1800;

/** The one thing to do, large, and for screen readers at a bearable pace. `instruction` is null before the first look. */
export function InstructionLine({
  instruction,
  text,
  mirrored,
}: {
  instruction: Shown | null;
  text: string;
  mirrored: boolean;
}) {
  const spoken = useCalmText(text, SPEAK_EVERY_MS);
  const good = instruction === 'good';
  return (
    <div className={styles.place}>
      <p
        className={styles.line}
        data-testid="instruction"
        data-instruction={instruction ?? 'preparing'}
        data-good={good || undefined}
        aria-hidden="true"
      >
        {instruction && (
          <span className={styles.sign} data-flip={(!mirrored && SIDED.has(instruction)) || undefined}>
            <Icon name={SIGNS[instruction]} size="l" fixed />
          </span>
        )}
        <span>{text}</span>
      </p>
      <p className="hidden-text" role="status">
        {spoken}
      </p>
    </div>
  );
}

/** A text that changes at most once in `everyMs`, always ending at the newest. */
function useCalmText(text: string, everyMs: number): string {
  const [calm, setCalm] = useState(text);
  const changedAt = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, changedAt.current + everyMs - performance.now());
    const timer = setTimeout(() => {
      changedAt.current = performance.now();
      setCalm(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, everyMs]);
  return calm;
}
