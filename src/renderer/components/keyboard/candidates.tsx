import { useTranslation } from '../../i18n/index.ts';
import styles from './keyboard.module.css';

/** The letters typed so far, and the characters they may stand for. */
export function Candidates({
  letters,
  characters,
  onChoose,
}: {
  letters: string;
  characters: readonly string[];
  onChoose(character: string): void;
}) {
  const { t } = useTranslation('keyboard');
  return (
    <div className={styles.candidates} data-testid="candidates">
      <span className={styles.letters} role="status">
        {letters === '' ? t('pinyinHint') : letters}
      </span>
      {/* A syllable typed anew begins its row anew. */}
      <ul key={letters} className={styles.characters}>
        {characters.map((one) => (
          <li key={one}>
            <button type="button" tabIndex={-1} lang="zh-CN" className={styles.character} onClick={() => onChoose(one)}>
              {one}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
