import { type ReactNode, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { PhotoView } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { Button, FileButton, Spinner } from '../components/button.tsx';
import { Icon, type IconName } from '../components/icons.tsx';
import { Notice, ScreenHeading } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { faultOf } from '../lib/fault.ts';
import { codeMeaning, useFaultWords, usePictureWords } from '../lib/fault-words.ts';
import { adviceForPhoto } from '../lib/reasons.ts';
import { useLoneEnter } from '../lib/use-lone-enter.ts';
import { type Known, type Photo, useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './review.module.css';

/** What the station said about the picture, and what to do now. */
export function Review() {
  const photo = useSession((state) => state.photo);
  switch (photo.status) {
    case 'none':
      return null;
    case 'checking':
      return <Checking photo={photo} />;
    case 'failed':
      return <Failed photo={photo} />;
    case 'checked':
      return photo.view.accepted ? <Accepted photo={photo} /> : <Refused photo={photo} />;
  }
}

type Of<S extends Photo['status']> = Extract<Photo, { status: S }>;

function Checking({ photo }: { photo: Of<'checking'> }) {
  const { t } = useTranslation('review');
  return (
    <Layout url={photo.localUrl} alt={t('pictureAlt')} busy>
      <ScreenHeading>{t('checkingTitle')}</ScreenHeading>
      <p className={styles.lead}>{t('checkingBody')}</p>
    </Layout>
  );
}

function Accepted({ photo }: { photo: Of<'checked'> }) {
  const { t } = useTranslation('review');
  const { known, go } = useSession(useShallow(({ known, go }) => ({ known, go })));
  return (
    <Layout url={photo.previewUrl ?? photo.localUrl} alt={t('previewAlt')} sign="check">
      <ScreenHeading>{t('acceptedTitle')}</ScreenHeading>
      <p className={styles.lead}>{t('acceptedBody')}</p>
      <Predictions predictions={photo.view.predictions} />
      {known?.fromPage ? (
        <SendKnown known={known}>
          <Again source={photo.source} accepted />
        </SendKnown>
      ) : (
        <Actions>
          <Button variant="primary" size="l" icon="check" data-testid="accept-photo" onClick={() => go('details')}>
            {t('use')}
          </Button>
          <Again source={photo.source} accepted />
        </Actions>
      )}
    </Layout>
  );
}

/** The new picture of somebody known goes to their systems at once: who they are has been told before. */
function SendKnown({ known, children }: { known: Known; children: ReactNode }) {
  const { t } = useTranslation('review');
  const { enrol, go } = useSession(useShallow(({ enrol, go }) => ({ enrol, go })));
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const words = useFaultWords();

  async function send(): Promise<void> {
    setBusy(true);
    setFault(null);
    try {
      await enrol(known.person, known.to);
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  }

  return (
    <>
      <p className={styles.who} data-testid="known">
        <Icon name="person" />
        <span>{t('newPhotoOf', { name: known.name, code: known.person.code })}</span>
      </p>
      {fault && (
        <div data-testid="problem" data-problem={fault.code}>
          <Notice tone="bad" live title={words(fault).title}>
            <p>{words(fault).help}</p>
            <p className={styles.small}>{fault.message}</p>
          </Notice>
        </div>
      )}
      <Actions>
        <Button
          variant="primary"
          size="l"
          icon="send"
          busy={busy}
          data-testid="accept-photo"
          onClick={() => void send()}
        >
          {busy ? t('details:submitting') : t('useKnown', { count: known.to.length })}
        </Button>
        {children}
        <Button variant="quiet" size="l" icon="person" data-testid="edit-details" onClick={() => go('details')}>
          {t('editDetails')}
        </Button>
      </Actions>
    </>
  );
}

function Refused({ photo }: { photo: Of<'checked'> }) {
  const { t } = useTranslation('review');
  const advice = adviceForPhoto(photo.view.reasons);
  return (
    <Layout url={photo.localUrl} alt={t('pictureAlt')} sign="cross">
      <ScreenHeading>{t('refusedTitle')}</ScreenHeading>
      {advice.length > 0 ? (
        <>
          <p className={styles.lead}>{t('refusedBody', { count: advice.length })}</p>
          <ul className={styles.reasons} data-testid="reasons">
            {advice.map((one) => (
              <li key={one} data-reason={one}>
                <strong>{t(`reason.${one}.title`)}</strong>
                <span>{t(`reason.${one}.help`)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className={styles.lead}>{t('fault:quality.help')}</p>
      )}
      <Actions>
        <Again source={photo.source} />
      </Actions>
    </Layout>
  );
}

function Failed({ photo }: { photo: Of<'failed'> }) {
  const { t } = useTranslation('review');
  const words = usePictureWords()(photo.fault);
  return (
    <Layout url={photo.localUrl} alt={t('pictureAlt')} sign="alert">
      <ScreenHeading>{t('failedTitle')}</ScreenHeading>
      <div data-testid="problem" data-problem={photo.fault.code}>
        <Notice tone="bad" live title={words.title}>
          <p>{words.help}</p>
          {words.detail && <p className={styles.small}>{words.detail}</p>}
        </Notice>
      </div>
      <Actions>
        <Again source={photo.source} />
      </Actions>
    </Layout>
  );
}

/** What each platform's own quality service would answer, in words. */
function Predictions({ predictions }: { predictions: PhotoView['predictions'] }) {
  const { t, i18n } = useTranslation('review');
  const platforms = useStation((state) => state.platforms);
  const entries = Object.entries(predictions);
  if (entries.length === 0) {
    return platforms.length === 0 ? null : (
      <p className={styles.well}>
        <Icon name="check" />
        {t('allWell')}
      </p>
    );
  }
  return (
    <Notice tone="wait" title={t('predictionTitle')}>
      <ul>
        {entries.map(([id, { code, message }]) => {
          const platform = platforms.find((one) => one.id === id);
          const meaning = platform ? codeMeaning(i18n, platform.kind, code) : null;
          return (
            <li key={id}>
              {t('predictionBody', { platform: platform?.title ?? id, reason: meaning ?? message })}{' '}
              <span className={styles.small}>({String(code)})</span>
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}

/** Another picture: the way this one came first, the other way second. */
function Again({ source, accepted = false }: { source: 'camera' | 'file'; accepted?: boolean }) {
  const { t } = useTranslation('review');
  const { retake, submitFile } = useSession(useShallow(({ retake, submitFile }) => ({ retake, submitFile })));
  const fromCamera = source === 'camera';
  const camera = (
    <Button
      key="camera"
      variant={!accepted && fromCamera ? 'primary' : 'secondary'}
      size="l"
      icon="camera"
      data-testid="retake"
      onClick={retake}
    >
      {t('retake')}
    </Button>
  );
  const file = (
    <FileButton
      key="file"
      variant={fromCamera ? 'quiet' : accepted ? 'secondary' : 'primary'}
      size="l"
      onFile={(chosen) => void submitFile(chosen)}
    >
      {t('otherFile')}
    </FileButton>
  );
  if (fromCamera) return accepted ? camera : [camera, file];
  return [file, camera];
}

/** What can be done now. Enter does what is named first. */
function Actions({ children }: { children: ReactNode }) {
  const actions = useLoneEnter<HTMLDivElement>();
  return (
    <div ref={actions} className={styles.actions}>
      {children}
    </div>
  );
}

function Layout({
  url,
  alt,
  sign,
  busy = false,
  children,
}: {
  url: string | null;
  alt: string;
  sign?: IconName;
  busy?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={styles.review} aria-busy={busy}>
      <figure className={styles.picture} data-busy={busy || undefined} data-sign={sign}>
        <Picture key={url} url={url} alt={alt} />
        {busy && (
          <span className={styles.veil}>
            <Spinner />
          </span>
        )}
        {sign && (
          <span className={styles.sign}>
            <Icon name={sign} />
          </span>
        )}
      </figure>
      <div className={styles.side}>{children}</div>
    </section>
  );
}

/** The picture; where the browser cannot show its format (the station may still read it), a drawing of one. */
function Picture({ url, alt }: { url: string | null; alt: string }) {
  const [broken, setBroken] = useState(false);
  if (url === null || broken) {
    return (
      <span className={styles.noPicture} role="img" aria-label={alt}>
        <Icon name="picture" size="xl" />
      </span>
    );
  }
  return <img src={url} alt={alt} onError={() => setBroken(true)} />;
}
