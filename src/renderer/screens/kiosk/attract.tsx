import { DoorScene } from '../../components/door-scene.tsx';
import { Icon } from '../../components/icons.tsx';
import { LANGUAGE_NAMES, languagesHere, textsIn, useTranslation } from '../../i18n/index.ts';
import { offeredPurposes } from '../../lib/kiosk-offer.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import { useStation } from '../../stores/station.ts';
import styles from './attract.module.css';

/** What a passer-by sees. Each language invites in its own words, and the first touch chooses it. */
export function Attract() {
  const { t } = useTranslation('kiosk');
  const tell = useKiosk((state) => state.tell);
  const online = useKiosk((state) => state.flow.online);
  const ready = useStation((state) => state.status === 'ready');
  const offers = useStation(
    (state) => offeredPurposes(state.settings.kioskPurposes, state.platforms, state.settings.targets).length > 0,
  );
  const open = online && ready && offers;
  const languages = languagesHere();
  return (
    <section className={styles.attract}>
      <div className={styles.scene}>
        <DoorScene />
      </div>
      <div className={styles.words}>
        <h1 className={styles.title}>
          {languages.map((language) => (
            <span key={language} lang={language}>
              {textsIn(language, 'kiosk')('attract.title')}
            </span>
          ))}
        </h1>
        {languages.map((language) => (
          <p key={language} lang={language} className={styles.lead}>
            {textsIn(language, 'kiosk')('attract.lead')}
          </p>
        ))}
      </div>
      {open ? (
        <div className={styles.choices}>
          {languages.map((language) => (
            <button
              key={language}
              type="button"
              lang={language}
              className={styles.choice}
              data-testid={`kiosk-begin-${language}`}
              onClick={() => tell({ type: 'begin', language })}
            >
              <span>
                <span className={styles.begin}>{textsIn(language, 'kiosk')('attract.begin')}</span>
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
            {languages.map((language) => (
              <p key={language} lang={language}>
                {textsIn(language, 'kiosk')(online && !ready ? 'attract.opening' : 'attract.closed')}
              </p>
            ))}
            {online && ready && <p className={styles.why}>{t('attract.noSystems')}</p>}
          </div>
        </div>
      )}
    </section>
  );
}
