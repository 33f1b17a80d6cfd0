import type { DeliveryState } from '#shared/delivery';
import { Spinner } from './button.tsx';
import { Icon, type IconName } from './icons.tsx';
import type { Tone } from './screen.tsx';
import styles from './state-mark.module.css';

/** How a delivery's state looks: never by colour alone, always with an icon or words beside it. */
export const STATE_LOOK: Record<DeliveryState, { tone: Tone; icon: IconName | null }> = {
  queued: { tone: 'info', icon: 'clock' },
  running: { tone: 'info', icon: null },
  waiting: { tone: 'wait', icon: 'clock' },
  asking: { tone: 'wait', icon: 'question' },
  delivered: { tone: 'good', icon: 'check' },
  verified: { tone: 'good', icon: 'check' },
  refused: { tone: 'bad', icon: 'cross' },
  abandoned: { tone: 'bad', icon: 'cross' },
};

/** A round sign for a state; `running` turns. */
export function StateMark({ state }: { state: DeliveryState }) {
  const { tone, icon } = STATE_LOOK[state];
  return (
    <span className={`${styles.mark} ${styles[tone]}`} data-state={state}>
      {icon ? <Icon name={icon} /> : <Spinner />}
    </span>
  );
}

/** A small one for lists: a filled dot for good, a ring while under way, a bar for trouble. */
export function StateDot({ state }: { state: DeliveryState }) {
  const { tone } = STATE_LOOK[state];
  return <span className={`${styles.dot} ${styles[tone]}`} data-state={state} />;
}
