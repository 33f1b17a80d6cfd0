import { type DeliveryLook, lookOf, type Told } from '../lib/delivery-look.ts';
import { Spinner } from './button.tsx';
import { Icon, type IconName } from './icons.tsx';
import type { Tone } from './screen.tsx';
import styles from './state-mark.module.css';

/** How a delivery looks: never by colour alone, always with an icon or words beside it. */
export const LOOKS: Record<DeliveryLook, { tone: Tone; icon: IconName | null }> = {
  queued: { tone: 'info', icon: 'clock' },
  running: { tone: 'info', icon: null },
  waiting: { tone: 'wait', icon: 'clock' },
  asking: { tone: 'wait', icon: 'question' },
  delivered: { tone: 'good', icon: 'check' },
  verified: { tone: 'good', icon: 'check-double' },
  'door-pending': { tone: 'wait', icon: 'door' },
  'door-failed': { tone: 'bad', icon: 'door' },
  'no-door': { tone: 'wait', icon: 'door' },
  'not-seen': { tone: 'bad', icon: 'alert' },
  refused: { tone: 'bad', icon: 'cross' },
  abandoned: { tone: 'bad', icon: 'cross' },
};

/** A round sign for how a delivery stands; a running one turns. */
export function StateMark({ delivery }: { delivery: Told }) {
  const look = lookOf(delivery);
  const { tone, icon } = LOOKS[look];
  return (
    <span className={`${styles.mark} ${styles[tone]}`} data-state={look}>
      {icon ? <Icon name={icon} /> : <Spinner />}
    </span>
  );
}

/** A small one for lists: a filled dot for good, a ring while under way, a bar for trouble. */
export function StateDot({ delivery }: { delivery: Told }) {
  const look = lookOf(delivery);
  return <span className={`${styles.dot} ${styles[LOOKS[look].tone]}`} data-state={look} />;
}
