import { useId, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { DEFAULT_CONSENT, strangePlaceholders } from '#shared/kiosk-consent';
import { Button } from '../components/button.tsx';
import dialog from '../components/dialog.module.css';
import { Modal } from '../components/modal.tsx';
import { LANGUAGE_NAMES, type Language, useTranslation } from '../i18n/index.ts';
import { formatList } from '../lib/format.ts';
import { useStation } from '../stores/station.ts';
import styles from './settings.module.css';

/** The contract's limit of a consent text. */
const LONGEST = 8000;
const LANGUAGES = Object.keys(LANGUAGE_NAMES) as Language[];

/** What visitors are asked to agree to, in each language. */
export function ConsentSettings() {
  const { t } = useTranslation('kiosk');
  const own = useStation((state) => state.settings.kioskConsent);
  const [editing, setEditing] = useState<Language | null>(null);
  return (
    <>
      <h3 className={styles.label}>{t('settings.consentTitle')}</h3>
      <p className={styles.hint}>{t('settings.consentHint')}</p>
      <ul className={styles.systems}>
        {LANGUAGES.map((language) => (
          <li
            key={language}
            className={styles.system}
            data-testid={`consent-${language}`}
            data-own={own[language] !== null}
          >
            <div className={styles.systemHead}>
              <div className={styles.systemText}>
                <p lang={language}>{LANGUAGE_NAMES[language]}</p>
                <p className={styles.hint}>
                  {t(own[language] === null ? 'settings.consentDefault' : 'settings.consentOwn')}
                </p>
              </div>
              <Button data-testid="consent-edit" onClick={() => setEditing(language)}>
                {t('settings.consentEdit')}
                <span className="hidden-text"> {LANGUAGE_NAMES[language]}</span>
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {editing && <Editor language={editing} onClose={() => setEditing(null)} />}
    </>
  );
}

function Editor({ language, onClose }: { language: Language; onClose(): void }) {
  const { t, i18n } = useTranslation('kiosk');
  const { own, save } = useStation(
    useShallow((state) => ({ own: state.settings.kioskConsent, save: state.saveSettings })),
  );
  const id = useId();
  const [text, setText] = useState(own[language] ?? DEFAULT_CONSENT[language]);
  const strange = strangePlaceholders(text);
  const tooLong = text.trim().length > LONGEST;

  async function keep(next: string | null): Promise<void> {
    await save({ kioskConsent: { ...own, [language]: next } });
    onClose();
  }
  const typed = text.trim();
  const keepable = typed !== '' && !tooLong;
  return (
    <Modal
      className={styles.editor}
      title={t('settings.consentEditTitle', { language: LANGUAGE_NAMES[language] })}
      description={t('settings.consentHint')}
      data-testid="consent-editor"
      onClose={onClose}
    >
      <textarea
        className={styles.textarea}
        lang={language}
        rows={14}
        value={text}
        aria-label={t('settings.consentTitle')}
        aria-describedby={`${id}-problem`}
        aria-invalid={tooLong || undefined}
        data-testid="consent-input"
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <p id={`${id}-problem`} className={styles.missing} role="status">
        {tooLong
          ? t('settings.tooLong')
          : strange.length > 0 &&
            t('settings.strange', {
              names: formatList(
                strange.map((name) => `{${name}}`),
                i18n.locale,
              ),
            })}
      </p>
      <div className={dialog.buttons}>
        <Button variant="quiet" onClick={() => void keep(null)} data-testid="consent-reset">
          {t('settings.consentReset')}
        </Button>
        <Button
          variant="primary"
          disabled={!keepable}
          data-testid="consent-save"
          onClick={() => void keep(typed === DEFAULT_CONSENT[language] ? null : typed)}
        >
          {t('settings.consentSave')}
        </Button>
      </div>
    </Modal>
  );
}
