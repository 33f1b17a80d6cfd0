import { Button, Spinner } from '../../components/button.tsx';
import { Notice, ScreenHeading } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useFaultWords } from '../../lib/fault-words.ts';
import { adviceForPhoto } from '../../lib/reasons.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import { useSession } from '../../stores/session.ts';
import { GoodExample } from './good-example.tsx';
import styles from './kiosk.module.css';

/** The station looks at the picture. */
export function Checking() {
  const { t } = useTranslation('review');
  const photo = useSession((state) => state.photo);
  return (
    <section className={styles.middle} aria-busy>
      {photo.status !== 'none' && photo.localUrl && (
        <img className={styles.portrait} src={photo.localUrl} alt={t('pictureAlt')} />
      )}
      <ScreenHeading>{t('checkingTitle')}</ScreenHeading>
      <p className={styles.wait} role="status">
        <Spinner />
        <span className="hidden-text">{t('checkingBody')}</span>
      </p>
    </section>
  );
}

/** A good picture: the person says whether it is theirs to be known by. */
export function Confirm() {
  const { t } = useTranslation('kiosk');
  const tell = useKiosk((state) => state.tell);
  const photo = useSession((state) => state.photo);
  if (photo.status !== 'checked') return null;
  return (
    <section className={styles.beside}>
      <img className={styles.portrait} src={photo.previewUrl ?? photo.localUrl} alt={t('review:previewAlt')} />
      <div className={styles.side}>
        <ScreenHeading>{t('confirm.title')}</ScreenHeading>
        <p className={styles.lead}>{t('confirm.body')}</p>
        <div className={styles.actions}>
          <Button variant="primary" size="l" icon="check" data-testid="kiosk-use" onClick={() => tell({ type: 'use' })}>
            {t('confirm.use')}
          </Button>
          <Button size="l" icon="camera" data-testid="retake" onClick={() => tell({ type: 'retake' })}>
            {t('review:retake')}
          </Button>
        </div>
      </div>
    </section>
  );
}

/** What was wrong with the picture, beside how a good one looks. */
export function Retry() {
  const { t } = useTranslation('kiosk');
  const tell = useKiosk((state) => state.tell);
  const photo = useSession((state) => state.photo);
  const words = useFaultWords();
  if (photo.status !== 'checked' && photo.status !== 'failed') return null;
  const advice = photo.status === 'checked' ? adviceForPhoto(photo.view.reasons) : [];
  return (
    <section className={styles.middle} data-testid="kiosk-retry">
      <ScreenHeading>{t('retry.title')}</ScreenHeading>
      <div className={styles.pair}>
        {photo.localUrl && (
          <figure className={styles.figure}>
            <img className={styles.portrait} src={photo.localUrl} alt={t('review:pictureAlt')} />
            <figcaption>{t('retry.yours')}</figcaption>
          </figure>
        )}
        <figure className={styles.figure} data-good>
          <GoodExample />
          <figcaption>{t('retry.good')}</figcaption>
        </figure>
      </div>
      {advice.length > 0 ? (
        <ul className={styles.reasons} data-testid="reasons">
          {advice.map((one) => (
            <li key={one} data-reason={one}>
              <strong>{t(`review:reason.${one}.title`)}</strong>
              <span>{t(`review:reason.${one}.help`)}</span>
            </li>
          ))}
        </ul>
      ) : photo.status === 'failed' ? (
        <Notice tone="bad" live title={words(photo.fault).title}>
          <p>{words(photo.fault).help}</p>
        </Notice>
      ) : (
        <p className={styles.lead}>{t('fault:quality.help')}</p>
      )}
      <div className={styles.actions}>
        <Button variant="primary" size="l" icon="camera" data-testid="retake" onClick={() => tell({ type: 'retake' })}>
          {t('review:retake')}
        </Button>
        <Button variant="quiet" size="l" icon="arrow-left" onClick={() => tell({ type: 'back' })}>
          {t('common:back')}
        </Button>
      </div>
    </section>
  );
}
