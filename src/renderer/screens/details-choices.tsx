import { type ConsentText, consentIn } from '#shared/consent';
import type { PlatformView } from '#shared/contract';
import type { PersonKind } from '#shared/person';
import { Icon } from '../components/icons.tsx';
import { useTranslation } from '../i18n/index.ts';
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

/** What the site asks people to agree to, and that this person does. */
export function ConsentChoice({
  asked,
  agreed,
  missing,
  onChange,
}: {
  asked: ConsentText;
  agreed: boolean;
  missing: boolean;
  onChange(agreed: boolean): void;
}) {
  const { t, i18n } = useTranslation('details');
  return (
    <fieldset className={styles.group} aria-describedby={missing ? 'consent-problem' : undefined}>
      <legend className={styles.label}>{t('consent.title')}</legend>
      <p className={styles.consent}>{consentIn(asked, i18n.locale)}</p>
      <label className={styles.target}>
        <input
          className="hidden-text"
          type="checkbox"
          name="consent"
          checked={agreed}
          data-testid="consent"
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span className={styles.box}>{agreed && <Icon name="check" />}</span>
        <span>
          <span className={styles.targetName}>{t('consent.agree')}</span>
          <span className={styles.hint}>{t('consent.version', { version: asked.version })}</span>
        </span>
      </label>
      {missing && (
        <p id="consent-problem" className={styles.problem} role="status">
          {t('consent.missing')}
        </p>
      )}
    </fieldset>
  );
}
