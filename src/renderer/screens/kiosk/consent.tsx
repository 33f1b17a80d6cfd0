import { useEffect, useState } from 'react';
import type { Output } from '#shared/contract';
import { bridge } from '../../bridge.ts';
import { Button, Spinner } from '../../components/button.tsx';
import { Notice, ScreenHeading } from '../../components/screen.tsx';
import { type Language, useTranslation } from '../../i18n/index.ts';
import { hush, say, useHasVoice } from '../../lib/voice.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import styles from './kiosk.module.css';

type Text = Output<'kiosk.consent'> | 'asking' | 'failed';

/** What somebody is asked to agree to, in the words the station keeps. */
export function Consent() {
  const { t, i18n } = useTranslation('kiosk');
  const tell = useKiosk((state) => state.tell);
  const kind = useKiosk((state) => (state.flow.purpose === 'visit' ? 'visitor' : 'staff'));
  const language = i18n.locale as Language;
  const [text, setText] = useState<Text>('asking');
  const [turn, setTurn] = useState(0);
  const has = useHasVoice(language);
  const changed = useKiosk((state) => state.fault?.field === 'consent');

  useEffect(() => {
    // Each turn asks anew.
    if (turn < 0) return;
    let gone = false;
    const put = (next: Text) => {
      if (!gone) setText(next);
    };
    put('asking');
    bridge.call('kiosk.consent', { language, kind }).then(put, () => put('failed'));
    return () => {
      gone = true;
      hush();
    };
  }, [language, kind, turn]);

  const known = typeof text === 'object' ? text : null;
  return (
    <section className={styles.consent}>
      <ScreenHeading>{t('consent.title')}</ScreenHeading>
      {changed && <Notice tone="wait" live title={t('consent.changed')} />}
      {text === 'asking' && (
        <p className={styles.wait} role="status">
          <Spinner />
          <span className="hidden-text">{t('consent.asking')}</span>
        </p>
      )}
      {text === 'failed' && (
        <Notice
          tone="bad"
          live
          title={t('consent.failed')}
          actions={
            <Button size="l" icon="refresh" onClick={() => setTurn((old) => old + 1)}>
              {t('common:retry')}
            </Button>
          }
        />
      )}
      {known && (
        <section className={styles.text} aria-label={t('consent.text')} data-testid="consent-text">
          {known.text.split(/\n\s*\n/).map((paragraph) => (
            <Paragraph key={paragraph} text={paragraph} />
          ))}
          <p className={styles.version} data-testid="consent-version">
            {t('consent.version', { version: known.version })}
          </p>
        </section>
      )}
      <div className={styles.actions}>
        <Button
          variant="primary"
          size="l"
          icon="check"
          busy={!known}
          data-testid="kiosk-agree"
          onClick={() => known && tell({ type: 'agree', version: known.version })}
        >
          {t('consent.agree')}
        </Button>
        <Button size="l" data-testid="kiosk-decline" onClick={() => tell({ type: 'decline' })}>
          {t('consent.decline')}
        </Button>
        {has && known && (
          <Button variant="quiet" size="l" icon="sound" onClick={() => say(known.text, language)}>
            {t('consent.read')}
          </Button>
        )}
        <Button variant="quiet" size="l" icon="arrow-left" onClick={() => tell({ type: 'back' })}>
          {t('common:back')}
        </Button>
      </div>
    </section>
  );
}

/** What stands before a colon at the beginning says what the paragraph is about. */
function Paragraph({ text }: { text: string }) {
  const [, head, rest] = /^([^:：\n]{2,40}[:：])([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined) return <p>{text}</p>;
  return (
    <p>
      <strong>{head}</strong>
      {rest}
    </p>
  );
}

/** Saying no leads to people, and leaves nothing here. */
export function Declined() {
  const { t } = useTranslation('kiosk');
  const tell = useKiosk((state) => state.tell);
  return (
    <section className={styles.middle} data-testid="kiosk-declined">
      <ScreenHeading>{t('declined.title')}</ScreenHeading>
      <p className={styles.lead}>{t('declined.body')}</p>
      <div className={styles.actions}>
        <Button variant="primary" size="l" data-testid="kiosk-finish" onClick={() => tell({ type: 'finish' })}>
          {t('declined.finish')}
        </Button>
        <Button size="l" icon="arrow-left" onClick={() => tell({ type: 'back' })}>
          {t('declined.again')}
        </Button>
      </div>
    </section>
  );
}
