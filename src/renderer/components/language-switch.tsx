import { LANGUAGE_NAMES, type Language, useTranslation } from '../i18n/index.ts';
import { useStation } from '../stores/station.ts';
import styles from './language-switch.module.css';

const LANGUAGES = Object.keys(LANGUAGE_NAMES) as Language[];

/** Every language under its own name, always in reach. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const save = useStation((state) => state.saveSettings);
  return (
    <fieldset className={styles.group} aria-label={t('language')} data-testid="language">
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          className={styles.choice}
          aria-pressed={i18n.locale === language}
          data-testid={`language-${language}`}
          onClick={() => void save({ language })}
        >
          {LANGUAGE_NAMES[language]}
        </button>
      ))}
    </fieldset>
  );
}
