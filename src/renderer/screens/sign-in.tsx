import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { PinPad } from '../components/pin-pad.tsx';
import { ScreenHeading } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useOperators } from '../stores/operators.ts';
import { usePin } from '../stores/pin.ts';
import { useStation } from '../stores/station.ts';
import styles from './sign-in.module.css';

/** What whoever owns the data folder runs, by shell; a command has one language. The command line cannot ask the desktop program's key ring. */
const WAYS_BACK = {
  loopback: 'vestibule operators add NAME --data FOLDER',
  electron: 'vestibule start --clear-operators --data FOLDER',
} as const;

/** Who is at the desk, and their PIN. What was begun before the desk was locked waits behind it. */
export function SignIn() {
  const { t } = useTranslation('operators');
  const { status, signIn, load } = useOperators(useShallow(({ status, signIn, load }) => ({ status, signIn, load })));
  const shell = useStation((state) => state.info?.shell ?? 'loopback');
  const [asking, setAsking] = useState(false);
  async function again(): Promise<void> {
    setAsking(true);
    await load();
    setAsking(false);
  }
  const operators = status?.operators ?? [];
  const only = operators.length === 1 ? operators[0]?.label : undefined;
  const [chosen, setChosen] = useState<string | null>(status?.lockedBy ?? only ?? null);
  const known = operators.find((one) => one.label === chosen) ?? null;
  useEffect(() => {
    // Each has their own PIN, and their own wrong ones.
    if (chosen !== undefined) usePin.getState().forgetLock();
  }, [chosen]);

  if (status?.lost)
    return (
      <section className={styles.signIn} data-testid="operators-lost">
        <ScreenHeading>{t('lostTitle')}</ScreenHeading>
        <p className={styles.lead}>{t('lostBody')}</p>
        <code className={styles.command}>{WAYS_BACK[shell]}</code>
        <Button icon="refresh" busy={asking} data-testid="lost-again" onClick={() => void again()}>
          {t('lostAgain')}
        </Button>
      </section>
    );
  if (!known)
    return (
      <section className={styles.signIn} data-testid="sign-in">
        <ScreenHeading>{t('signInTitle')}</ScreenHeading>
        <p className={styles.lead}>{t('signInBody')}</p>
        <ul className={styles.list}>
          {operators.map(({ label, role }) => (
            <li key={label}>
              <button
                type="button"
                className={styles.operator}
                data-testid={`operator-${label}`}
                onClick={() => setChosen(label)}
              >
                <span className={styles.sign}>
                  <Icon name="person" size="l" />
                </span>
                <span className={styles.text}>
                  <span className={styles.label}>{label}</span>
                  <span className={styles.role}>{t(`role.${role}`)}</span>
                </span>
                <Icon name="chevron-right" />
              </button>
            </li>
          ))}
        </ul>
      </section>
    );
  const locked = status?.lockedBy === known.label;
  return (
    <section className={styles.signIn} data-testid="sign-in" data-operator={known.label}>
      <ScreenHeading>{t(locked ? 'lockedTitle' : 'signInAs', { label: known.label })}</ScreenHeading>
      <p className={styles.lead}>{t(locked ? 'lockedBody' : `role.${known.role}`)}</p>
      <div className={styles.pad}>
        <PinPad
          key={known.label}
          label={t('pinOf', { label: known.label })}
          submit={t(locked ? 'unlock' : 'signIn')}
          onPin={(pin) => signIn(known.label, pin)}
        />
      </div>
      {operators.length > 1 && (
        <Button variant="quiet" icon="people" data-testid="somebody-else" onClick={() => setChosen(null)}>
          {t('somebodyElse')}
        </Button>
      )}
    </section>
  );
}
