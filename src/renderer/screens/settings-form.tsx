import { type ReactNode, useId } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useCameras } from '../capture/use-camera.ts';
import { Notice } from '../components/screen.tsx';
import { Select } from '../components/select.tsx';
import { LANGUAGE_NAMES, type Language, systemLanguage, useTranslation } from '../i18n/index.ts';
import { cameraChoices } from '../lib/camera-choices.ts';
import { useStation } from '../stores/station.ts';
import styles from './settings.module.css';

/** Camera, mirror, automatic capture, and whether somebody is asked to show that they are there. */
export function CameraSettings() {
  const { t } = useTranslation('settings');
  const { settings, saved, save } = useStation(
    useShallow((state) => ({ settings: state.settings, saved: state.settingsSaved, save: state.saveSettings })),
  );
  const { cameras } = useCameras();
  const change = (part: Parameters<typeof save>[0]) => void save(part);
  return (
    <div className={styles.form}>
      {!saved && <Notice tone="bad" live title={t('failed')} />}
      <Row hint={cameras.length === 0 ? t('cameraHint') : null}>
        <Select
          label={t('camera')}
          value={cameras.some((camera) => camera.id === settings.cameraId) ? (settings.cameraId ?? '') : ''}
          choices={[{ value: '', label: t('cameraAny') }, ...cameraChoices(cameras, t)]}
          onChange={(id) => change({ cameraId: id || null })}
        />
      </Row>
      <SwitchRow
        label={t('mirror')}
        hint={t('mirrorHint')}
        checked={settings.mirror}
        onChange={(mirror) => change({ mirror })}
      />
      <SwitchRow
        label={t('auto')}
        hint={t('autoHint')}
        checked={settings.autoCapture}
        onChange={(autoCapture) => change({ autoCapture })}
      />
      <SwitchRow
        label={t('presence')}
        hint={t('presenceHint')}
        checked={settings.presence === 'on'}
        onChange={(on) => change({ presence: on ? 'on' : 'off' })}
      />
    </div>
  );
}

/** The language of this station, or the system's. */
export function LanguageSettings() {
  const { t } = useTranslation('settings');
  const { language, save } = useStation(
    useShallow((state) => ({ language: state.settings.language, save: state.saveSettings })),
  );
  const system = LANGUAGE_NAMES[systemLanguage(navigator.languages)];
  return (
    <Select<Language | 'system'>
      label={t('common:language')}
      value={language ?? 'system'}
      choices={[
        { value: 'system', label: t('languageSystem', { language: system }) },
        ...(Object.keys(LANGUAGE_NAMES) as Language[]).map((one) => ({ value: one, label: LANGUAGE_NAMES[one] })),
      ]}
      onChange={(next) => void save({ language: next === 'system' ? null : next })}
    />
  );
}

function Row({ hint, children }: { hint: string | null; children: ReactNode }) {
  return (
    <div className={styles.row}>
      {children}
      {hint && <p className={styles.hint}>{hint}</p>}
    </div>
  );
}

/** A checkbox of that role tells whether it is checked by itself; `aria-checked` would be said twice. */
const SWITCH = 'switch';

/** A switch with what it does. */
export function SwitchRow({
  label,
  hint,
  checked,
  disabled = false,
  onChange,
}: {
  label: string;
  hint: string;
  checked: boolean;
  disabled?: boolean;
  onChange(checked: boolean): void;
}) {
  const id = useId();
  return (
    <div className={styles.switchRow}>
      <div>
        <p id={id} className={styles.label}>
          {label}
        </p>
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      </div>
      <input
        type="checkbox"
        role={SWITCH}
        className={styles.switch}
        aria-labelledby={id}
        aria-describedby={`${id}-hint`}
        checked={checked}
        disabled={disabled}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    </div>
  );
}
