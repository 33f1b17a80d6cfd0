import { useShallow } from 'zustand/react/shallow';
import { Icon } from '../components/icons.tsx';
import { StateDot } from '../components/state-mark.tsx';
import { useTranslation } from '../i18n/index.ts';
import { formatWhen } from '../lib/format.ts';
import { summarise } from '../lib/summary.ts';
import { currentDeliveries, useDeliveries } from '../stores/deliveries.ts';
import { useSession } from '../stores/session.ts';
import styles from './welcome.module.css';

/** The newest enrolments, each with one dot per system, each a way to its receipts. */
export function Recent() {
  const { t, i18n } = useTranslation('welcome');
  const { recent, loaded, latest } = useDeliveries(
    useShallow((state) => ({ recent: state.recent, loaded: state.recentLoaded, latest: state.latest })),
  );
  const show = useSession((state) => state.showEnrolment);
  const now = Date.now();
  return (
    <section className={styles.panel} aria-labelledby="recent">
      <div className={styles.panelHead}>
        <h2 id="recent">{t('recentTitle')}</h2>
      </div>
      {recent.length === 0 ? (
        <p className={styles.empty}>{loaded ? t('recentEmpty') : ''}</p>
      ) : (
        <ul className={styles.list}>
          {recent.map((view) => {
            const deliveries = currentDeliveries(view, latest);
            const { done } = summarise(deliveries);
            return (
              <li key={view.id}>
                <button type="button" className={styles.recent} onClick={() => show(view)}>
                  <span className={styles.recentText}>
                    <span className={styles.connectionName}>{view.name}</span>
                    <span className={styles.faint}>
                      {view.code} · {formatWhen(view.createdAt, now, i18n.locale)}
                    </span>
                  </span>
                  <span className={styles.dots}>
                    {deliveries.map((delivery) => (
                      <StateDot key={delivery.id} delivery={delivery} />
                    ))}
                  </span>
                  <span className="hidden-text">{t('recentState', { done, count: deliveries.length })}</span>
                  <Icon name="chevron-right" />
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
