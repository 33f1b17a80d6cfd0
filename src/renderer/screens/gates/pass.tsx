import type { GatePass } from '#shared/gates';
import { Icon, type IconName } from '../../components/icons.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { formatGateTime, formatScore } from '../../lib/format.ts';
import { usePlatformTitle } from '../../lib/use-platform-title.ts';
import { useGates } from '../../stores/gates.ts';
import { usePeople } from '../../stores/people.ts';
import { useSession } from '../../stores/session.ts';
import styles from './gates.module.css';

const LOOKS: Record<GatePass['outcome'], IconName> = { recognised: 'check', refused: 'cross', unknown: 'question' };

/** One pass: when, who as far as they are known here, at which gate, how sure, and whether the door opened. */
export function PassRow({ pass }: { pass: GatePass }) {
  const { t, i18n } = useTranslation('gates');
  const title = usePlatformTitle();
  const go = useSession((state) => state.go);
  const show = usePeople((state) => state.show);
  const { person, outcome, similarity, method } = pass;
  const facts = [
    pass.gate ?? title(pass.platform),
    pass.gate !== null && title(pass.platform),
    t(`method.${method}`),
    similarity !== null && formatScore(similarity, i18n.locale),
  ].filter(Boolean);
  return (
    <li className={styles.pass} data-testid="pass" data-outcome={outcome} data-code={person?.code}>
      <span className={styles.mark} data-outcome={outcome}>
        <Icon name={LOOKS[outcome]} />
      </span>
      <div className={styles.text}>
        {person ? (
          <button
            type="button"
            className={styles.person}
            data-testid="pass-person"
            onClick={() => {
              void show(person.code);
              go('person');
            }}
          >
            {person.name}
          </button>
        ) : (
          <span className={styles.nobody}>{t(outcome === 'unknown' ? 'stranger' : 'elsewhere')}</span>
        )}
        <p className={styles.faint}>{facts.join(' · ')}</p>
        {pass.proof && (
          <p className={styles.proof} data-testid="pass-proof">
            <Icon name="check-double" />
            <span>{t('firstPass')}</span>
          </p>
        )}
      </div>
      <div className={styles.when}>
        <time dateTime={new Date(pass.at).toISOString()}>{formatGateTime(pass.at, Date.now(), i18n.locale, true)}</time>
        <span className={styles.outcome} data-outcome={outcome}>
          {t(`outcome.${outcome}`)}
        </span>
      </div>
    </li>
  );
}

/** Read out: older passes are read afterwards, all at once, and would be talked over one another. */
const NEWS_MS = 60_000;

/** Whoever passed just now, for those who are read to. */
export function Latest() {
  const { t } = useTranslation('gates');
  const title = usePlatformTitle();
  const latest = useGates((state) => state.latest);
  const told = latest !== null && Math.abs(Date.now() - latest.at) < NEWS_MS ? latest : null;
  return (
    <p role="status" className="hidden-text" data-testid="latest">
      {told &&
        t(`announce.${told.outcome}`, {
          name: told.person?.name ?? t('elsewhere'),
          gate: told.gate ?? title(told.platform),
        })}
    </p>
  );
}
