import { useTranslation } from 'react-i18next';
import type { PlatformView } from '#shared/contract';
import type { PersonKind } from '#shared/person';
import { Icon } from '../components/icons.tsx';
import { takesKind } from '../lib/person-draft.ts';
import styles from './details.module.css';

const KINDS = ['staff', 'visitor'] as const;

export function KindChoice({ kind, onChange }: { kind: PersonKind; onChange(kind: PersonKind): void }) {
  const { t } = useTranslation('details');
  return (
    <fieldset className={styles.group}>
      <legend className={styles.label}>{t('kind')}</legend>
      <div className={styles.kinds}>
        {KINDS.map((one) => (
          <label key={one} className={styles.kind}>
            <input
              className="hidden-text"
              type="radio"
              name="kind"
              value={one}
              checked={kind === one}
              data-testid={`kind-${one}`}
              onChange={() => onChange(one)}
            />
            {t(one)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function TargetChoice({
  kind,
  platforms,
  chosen,
  missing,
  onChange,
}: {
  kind: PersonKind;
  platforms: PlatformView[];
  chosen: string[];
  missing: boolean;
  onChange(to: string[]): void;
}) {
  const { t } = useTranslation('details');
  return (
    <fieldset className={styles.group} aria-describedby={missing ? 'targets-problem' : undefined}>
      <legend className={styles.label}>{t('targets')}</legend>
      <div className={styles.targets}>
        {platforms.map((platform) => {
          const able = takesKind(platform, kind);
          const on = chosen.includes(platform.id);
          return (
            <label key={platform.id} className={styles.target} data-off={!able || undefined}>
              <input
                className="hidden-text"
                type="checkbox"
                checked={on}
                disabled={!able}
                data-testid={`target-${platform.id}`}
                onChange={() => onChange(on ? chosen.filter((id) => id !== platform.id) : [...chosen, platform.id])}
              />
              <span className={styles.box}>{on && <Icon name="check" />}</span>
              <span>
                <span className={styles.targetName}>{platform.title}</span>
                <span className={styles.hint}>{able ? platform.host : t('noVisitors')}</span>
              </span>
            </label>
          );
        })}
      </div>
      {missing && (
        <p id="targets-problem" className={styles.problem} role="status">
          {t('noTarget')}
        </p>
      )}
    </fieldset>
  );
}
