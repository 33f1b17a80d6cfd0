import { DoorScene } from '../../components/door-scene.tsx';
import { Icon } from '../../components/icons.tsx';
import { LANGUAGE_NAMES, type Language, useTranslation } from '../../i18n/index.ts';
import { offeredPurposes } from '../../lib/kiosk-offer.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import { useStation } from '../../stores/station.ts';
import styles from './attract.module.css';

const LANGUAGES = Object.keys(LANGUAGE_NAMES) as Language[];

/** What a passer-by sees. Each language invites in its own words, and the first touch chooses it. */
export function Attract() {
  const { t, i18n } = useTranslation('kiosk');
  const tell = useKiosk((state) => state.tell);
  const online = useKiosk((state) => state.flow.online);
  const ready = useStation((state) => state.status === 'ready');
  const offers = useStation(
    (state) => offeredPurposes(state.settings.kioskPurposes, state.platforms, state.settings.targets).length > 0,
  );
  const open = online && ready && offers;
  const invitations = LANGUAGES.flatMap((language) => {
    const words = i18n.in(language, 'kiosk');
    return words ? [{ language, words }] : [];
  });
  return (
    <section className={styles.attract}>
      <div className={styles.scene}>
        <DoorScene />
      </div>
      <div className={styles.words}>
        <h1 className={styles.title}>
          {invitations.map(({ language, words }) => (
            <span key={language} lang={language}>
              {words('attract.title')}
            </span>
          ))}
        </h1>
        {invitations.map(({ language, words }) => (
          <p key={language} lang={language} className={styles.lead}>
            {words('attract.lead')}
          </p>
        ))}
      </div>
      {open ? (
        <div className={styles.choices}>
          {invitations.map(({ language, words }) => (
            <button
              key={language}
              type="button"
              lang={language}
              className={styles.choice}
              data-testid={`kiosk-begin-${language}`}
              onClick={() => tell({ type: 'begin', language })}
            >
              <span>
                <span className={styles.begin}>{words('attract.begin')}</span>
                <span className={styles.language}>{LANGUAGE_NAMES[language]}</span>
              </span>
              <Icon name="arrow-right" size="l" />
            </button>
          ))}
        </div>
      ) : (
        <div className={styles.closed} role="status" data-testid="kiosk-closed">
          <Icon name="clock" size="l" />
          <div>
            {invitations.map(({ language, words }) => (
              <p key={language} lang={language}>
                {words(online && !ready ? 'attract.opening' : 'attract.closed')}
              </p>
            ))}
            {online && ready && <p className={styles.why}>{t('attract.noSystems')}</p>}
          </div>
        </div>
      )}
    </section>
  );
}
