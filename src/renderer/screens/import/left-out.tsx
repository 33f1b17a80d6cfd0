import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { formatList } from '../../lib/format.ts';
import { useImport } from '../../stores/import.ts';

/** What of the files that were given was not taken, and why. */
export function LeftOutNotice() {
  const { t, i18n } = useTranslation('import');
  const leftOut = useImport((state) => state.leftOut);
  if (leftOut.length === 0) return null;
  return (
    <div data-testid="left-out" data-count={leftOut.reduce((sum, { count }) => sum + count, 0)}>
      <Notice tone="wait" live title={t('leftOut.title')}>
        <ul>
          {leftOut.map(({ why, count, names }) => {
            const more = count - names.length;
            const shown = more > 0 ? [...names, t('leftOut.more', { count: more })] : names;
            return <li key={why}>{t(`leftOut.${why}`, { count, names: formatList(shown, i18n.locale) })}</li>;
          })}
        </ul>
      </Notice>
    </div>
  );
}
