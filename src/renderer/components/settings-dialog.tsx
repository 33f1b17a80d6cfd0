import { Dialog } from '@base-ui/react/dialog';
import { Switch } from '@base-ui/react/switch';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { useCameras } from '../capture/use-camera.ts';
import { LANGUAGE_NAMES, type Language, systemLanguage } from '../i18n/index.ts';
import { cameraChoices } from '../lib/camera-choices.ts';
import { useStation } from '../stores/station.ts';
import { Icon } from './icons.tsx';
import { Notice } from './screen.tsx';
import { Select } from './select.tsx';
import styles from './settings-dialog.module.css';

/** The few things a person at the desk may change. Each is saved as it is changed. */
export function SettingsDialog() {
  const { t } = useTranslation(['common', 'settings']);
  const { open, setOpen } = useStation(
    useShallow((state) => ({ open: state.settingsOpen, setOpen: state.openSettings })),
  );
  return (
    <Dialog.Root open={open} onOpenChange={(next) => setOpen(next)}>
      <Dialog.Trigger className={styles.trigger} aria-label={t('settings')} data-testid="settings">
        <Icon name="settings" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <div className={styles.head}>
            <Dialog.Title className={styles.title}>{t('settings:title')}</Dialog.Title>
            <Dialog.Close className={styles.close} aria-label={t('close')}>
              <Icon name="cross" />
            </Dialog.Close>
          </div>
          <SettingsForm />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const PRESETS = ['lenient', 'standard', 'strict'] as const;

function SettingsForm() {
  const { t } = useTranslation(['settings', 'common', 'capture']);
  const { settings, saved, info, save } = useStation(
    useShallow((state) => ({
      settings: state.settings,
      saved: state.settingsSaved,
      info: state.info,
      save: state.saveSettings,
    })),
  );
  const { cameras } = useCameras();
  const change = (part: Parameters<typeof save>[0]) => void save(part);
  const system = LANGUAGE_NAMES[systemLanguage(navigator.languages)];
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
      <Row hint={t(`presetHint.${settings.preset}`)}>
        <Select
          label={t('preset')}
          value={settings.preset}
          choices={PRESETS.map((preset) => ({ value: preset, label: t(`presets.${preset}`) }))}
          onChange={(preset) => change({ preset })}
        />
      </Row>
      <Row hint={null}>
        <Select<Language | 'system'>
          label={t('common:language')}
          value={settings.language ?? 'system'}
          choices={[
            { value: 'system', label: t('languageSystem', { language: system }) },
            ...(Object.keys(LANGUAGE_NAMES) as Language[]).map((language) => ({
              value: language,
              label: LANGUAGE_NAMES[language],
            })),
          ]}
          onChange={(language) => change({ language: language === 'system' ? null : language })}
        />
      </Row>
      {info && <p className={styles.about}>{t('about', { version: info.version })}</p>}
    </div>
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

function SwitchRow({
  label,
  hint,
  checked,
  onChange,
}: {
  label: string;
  hint: string;
  checked: boolean;
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
      <Switch.Root
        className={styles.switch}
        aria-labelledby={id}
        aria-describedby={`${id}-hint`}
        checked={checked}
        onCheckedChange={(next) => onChange(next)}
      >
        <Switch.Thumb className={styles.thumb} />
      </Switch.Root>
    </div>
  );
}
