import type { PersonDetail } from '#shared/people';
import { Icon } from '../components/icons.tsx';
import { StateDot } from '../components/state-mark.tsx';
import { useTranslation } from '../i18n/index.ts';
import { formatWhen } from '../lib/format.ts';
import { summarise } from '../lib/summary.ts';
import { useDeliveries } from '../stores/deliveries.ts';
import { useSession } from '../stores/session.ts';
import listStyles from './people.module.css';
import styles from './person.module.css';

/** Every time the person was enrolled, each a way to its receipts. */
export function History({ person }: { person: PersonDetail }) {
  const { t, i18n } = useTranslation('people');
  const show = useSession((state) => state.showEnrolment);
  const { refresh } = useDeliveries.getState();
  const now = Date.now();

  async function open(enrolment: string): Promise<void> {
    const view = await refresh(enrolment).catch(() => null);
    if (view) show(view);
  }

  return (
    <section className={styles.kept} aria-labelledby="history">
      <h2 id="history">{t('history')}</h2>
      <ul>
        {person.enrolments.map((enrolment) => {
          const { done } = summarise(enrolment.deliveries);
          return (
            <li key={enrolment.id}>
              <button type="button" className={listStyles.row} onClick={() => void open(enrolment.id)}>
                <span className={listStyles.text}>{formatWhen(enrolment.createdAt, now, i18n.locale)}</span>
                <span className={listStyles.dots}>
                  {enrolment.deliveries.map((delivery) => (
                    <StateDot key={delivery.id} delivery={delivery} />
                  ))}
                </span>
                <span className={listStyles.sum}>{t('done', { done, count: enrolment.deliveries.length })}</span>
                <Icon name="chevron-right" />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
