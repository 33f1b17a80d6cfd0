import type { Connection } from '../bridge.ts';
import { useTranslation } from '../i18n/index.ts';
import { useStation } from '../stores/station.ts';
import { Spinner } from './button.tsx';
import styles from './connection.module.css';
import { Problem } from './problem.tsx';

/** Says that the station cannot be reached while it cannot. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const lost = useStation((state) => state.connection.state === 'retrying');
  return (
    <div role="status" className={styles.place}>
      {lost && (
        <p className={styles.banner} data-testid="connection-lost">
          <Spinner />
          {t('connectionLost')}
        </p>
      )}
    </div>
  );
}

/** Why, as the transport tells it. */
type Reason = Extract<Connection, { state: 'refused' }>['reason'];

/** The station does not let this page in: the link was used, is unknown, or the session has ended. */
export function Refused({ reason }: { reason: Reason }) {
  const { t } = useTranslation();
  return (
    <Problem name={reason} icon="door" title={t(`refused.${reason}.title`)} help={t(`refused.${reason}.help`)}>
      {null}
    </Problem>
  );
}
