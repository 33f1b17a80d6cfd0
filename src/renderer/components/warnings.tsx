import { warningOf } from '#shared/warnings';
import { useTranslation } from '../i18n/index.ts';
import styles from './warnings.module.css';

/** What went well enough but somebody should know, in their language; what a platform added to it, as it said it. */
export function Warnings({ of }: { of: readonly string[] }) {
  const { t } = useTranslation('receipts');
  const words = (text: string): string => {
    const known = warningOf(text);
    if (known === null) return text;
    const said = t(`warnings.${known.code}`);
    return known.detail === null ? said : `${said} ${known.detail}`;
  };
  return of.map((warning) => (
    <p key={warning} className={styles.warning}>
      {t('common:labelled', { label: t('warning'), text: words(warning) })}
    </p>
  ));
}
