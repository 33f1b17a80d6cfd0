import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { KIOSK_PURPOSES } from '#shared/calls/kiosk';
import type { Fault } from '#shared/fault';
import { Button } from '../components/button.tsx';
import { Notice } from '../components/screen.tsx';
import { Select } from '../components/select.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { useHasVoice } from '../lib/voice.ts';
import { useOperators } from '../stores/operators.ts';
import { usePin } from '../stores/pin.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './settings.module.css';
import { SwitchRow } from './settings-form.tsx';
import { ConsentSettings } from './settings-kiosk-consent.tsx';

/** Seconds without anybody, after which the next person is expected. */
const IDLES = [30, 45, 60, 90, 120, 180, 300] as const;

/** The window for visitors: how it is, what they are asked to agree to, and the way into it. */
export function KioskSettings() {
  const { t, i18n } = useTranslation('kiosk');
  const { settings, save } = useStation(
    useShallow((state) => ({ settings: state.settings, save: state.saveSettings })),
  );
  const { kioskPurposes: purposes, kioskIdleSeconds: idle } = settings;
  const has = useHasVoice(i18n.locale);
  return (
    <div className={styles.form}>
      <p className={styles.hint}>{t('settings.what')}</p>
      <Enter />
      <Select
        label={t('settings.idle')}
        value={String(idle)}
        choices={[...new Set([...IDLES, idle])]
          .sort((a, b) => a - b)
          .map((one) => ({ value: String(one), label: t('settings.idleSeconds', { count: one }) }))}
        onChange={(next) => void save({ kioskIdleSeconds: Number(next) })}
        testId="kiosk-idle"
      />
      <p className={styles.hint}>{t('settings.idleHint')}</p>
      <h3 className={styles.label}>{t('settings.purposes')}</h3>
      {KIOSK_PURPOSES.map((purpose) => (
        <SwitchRow
          key={purpose}
          label={t(`purpose.${purpose}.title`)}
          hint={t(`purpose.${purpose}.help`)}
          checked={purposes.includes(purpose)}
          // A kiosk that offers nothing is none: the last one stays.
          disabled={purposes.length === 1 && purposes.includes(purpose)}
          onChange={(on) =>
            void save({
              kioskPurposes: KIOSK_PURPOSES.filter((one) => (one === purpose ? on : purposes.includes(one))),
            })
          }
        />
      ))}
      <SwitchRow
        label={t('settings.voice')}
        hint={t(has ? 'settings.voiceHint' : 'settings.noVoice')}
        checked={settings.kioskVoice}
        onChange={(kioskVoice) => void save({ kioskVoice })}
      />
      <SwitchRow
        label={t('settings.ring')}
        hint={t('settings.ringHint')}
        checked={settings.kioskRing}
        onChange={(kioskRing) => void save({ kioskRing })}
      />
      <SwitchRow
        label={t('settings.keyboard')}
        hint={t('settings.keyboardHint')}
        checked={settings.kioskKeyboard}
        onChange={(kioskKeyboard) => void save({ kioskKeyboard })}
      />
      <SwitchRow
        label={t('settings.hosts')}
        hint={t('settings.hostsHint')}
        checked={settings.kioskHosts}
        onChange={(kioskHosts) => void save({ kioskHosts })}
      />
      <ConsentSettings />
    </div>
  );
}

/** Opens the kiosk in this window. Without a PIN there would be no way to keep visitors in it. */
function Enter() {
  const { t } = useTranslation('kiosk');
  const { setUp, enter } = useOperators(
    useShallow(({ status, enterKiosk }) => ({ setUp: status?.setUp ?? false, enter: enterKiosk })),
  );
  const pin = usePin((state) => state.set);
  const [fault, setFault] = useState<Fault | null>(null);
  const words = useFaultWords();
  useEffect(() => {
    void usePin.getState().load();
  }, []);
  const guarded = setUp || pin === true;

  async function open(): Promise<void> {
    useSession.getState().reset();
    // Only a touch may fill the screen; where it may not, the window is as it was.
    await document.documentElement.requestFullscreen?.().catch(() => undefined);
    setFault(await enter());
  }

  return (
    <>
      {guarded ? (
        <div className={styles.buttons}>
          <Button variant="primary" icon="door" data-testid="kiosk-enter" onClick={() => void open()}>
            {t('settings.enter')}
          </Button>
        </div>
      ) : (
        <p className={styles.hint} data-testid="kiosk-needs-pin">
          {t('settings.needsPin')}
        </p>
      )}
      <p className={styles.hint}>{t('settings.onlyWindow')}</p>
      {fault && <Notice tone="bad" live title={words(fault).title} />}
    </>
  );
}
