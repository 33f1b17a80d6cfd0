import { useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { PresenceReport } from '#shared/calls/presence';
import { CaptureStage, useCaptureWords } from '../capture/capture-stage.tsx';
import { PresenceControls } from '../capture/presence-controls.tsx';
import type { CameraState } from '../capture/use-camera.ts';
import { type CaptureTrouble, useCaptureDevice } from '../capture/use-capture-device.ts';
import { useLiveCapture } from '../capture/use-live-capture.ts';
import { Button, FileButton } from '../components/button.tsx';
import type { IconName } from '../components/icons.tsx';
import { Problem } from '../components/problem.tsx';
import { ScreenHeading } from '../components/screen.tsx';
import { Select } from '../components/select.tsx';
import { useTranslation } from '../i18n/index.ts';
import { cameraChoices } from '../lib/camera-choices.ts';
import { useCaptureKeys } from '../lib/use-capture-keys.ts';
import { useEngine } from '../stores/engine.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './capture.module.css';

const TROUBLE_ICONS: Record<CaptureTrouble, IconName> = {
  denied: 'camera-off',
  missing: 'camera-off',
  busy: 'camera-off',
  unplugged: 'camera-off',
  insecure: 'alert',
  unknown: 'alert',
  engine: 'alert',
  frames: 'alert',
};

/** The camera: guidance, automatic capture, and a way on for every camera that will not. */
export function Capture() {
  const { state, cameras, trouble, failed, again } = useCaptureDevice();
  const { leave, submitPhoto } = useSession(
    useShallow((session) => ({ leave: session.leaveCapture, submitPhoto: session.submitPhoto })),
  );
  if (trouble) return <CaptureProblem trouble={trouble} onRetry={again} />;
  return (
    <LiveCapture
      state={state}
      cameras={cameras}
      onBack={leave}
      onPicture={(bytes, presence) => void submitPhoto(bytes, 'image/jpeg', 'camera', presence)}
      onNoFrame={failed}
    />
  );
}

function LiveCapture({
  state,
  cameras,
  onBack,
  onPicture,
  onNoFrame,
}: {
  state: CameraState;
  cameras: Parameters<typeof cameraChoices>[0];
  onBack(): void;
  onPicture(bytes: Uint8Array<ArrayBuffer>, presence: PresenceReport | undefined): void;
  onNoFrame(): void;
}) {
  const { t } = useTranslation('capture');
  const video = useRef<HTMLVideoElement>(null);
  const { auto, save } = useStation(
    useShallow(({ settings, saveSettings }) => ({ auto: settings.autoCapture, save: saveSettings })),
  );
  const { status, inspector } = useEngine(useShallow(({ status, inspector }) => ({ status, inspector })));
  const submitFile = useSession((session) => session.submitFile);
  const camera = state.status === 'live' ? state.camera : null;
  const [skipped, setSkipped] = useState<PresenceReport>();
  const live = useLiveCapture(
    video,
    camera?.track ?? null,
    status === 'ready' ? inspector : null,
    onPicture,
    onNoFrame,
  );
  const { view, taking, shutter, skipPresence, retryPresence } = live;
  const words = useCaptureWords(live, camera, auto);
  useCaptureKeys({ onShutter: shutter, onBack });
  const skip = (permission: string) => {
    skipPresence(permission);
    // A file may be chosen instead of the camera, too.
    setSkipped({ result: 'skipped', permission });
  };

  const { presence } = view;
  const ready = view.accepted && !taking;
  return (
    <section className={styles.capture}>
      <div className={styles.headingRow}>
        <ScreenHeading>{t('title')}</ScreenHeading>
      </div>
      <CaptureStage video={video} camera={camera} live={live} words={words}>
        {view.looks > 0 && presence.status !== 'open' && !taking && (
          <PresenceControls stuck={presence.status === 'stuck'} onRetry={retryPresence} onSkip={skip} />
        )}
      </CaptureStage>
      <div className={styles.controls}>
        <div className={styles.left}>
          <Button variant="quiet" icon="arrow-left" data-testid="back" onClick={onBack}>
            {t('common:back')}
          </Button>
          {cameras.length > 0 && (
            <Select
              label={t('camera')}
              hideLabel
              testId="camera-picker"
              value={camera?.deviceId ?? cameras[0]?.id ?? ''}
              choices={cameraChoices(cameras, t)}
              onChange={(id) => void save({ cameraId: id })}
            />
          )}
        </div>
        <button
          type="button"
          className={styles.shutter}
          data-testid="shutter"
          aria-label={t('shutter')}
          aria-disabled={!ready}
          aria-describedby="shutter-hint"
          onClick={() => ready && shutter()}
        >
          <span />
        </button>
        <p id="shutter-hint" className="hidden-text">
          {ready ? t('shutterHint') : t('shutterWait')}
        </p>
        <div className={styles.right}>
          <FileButton variant="quiet" onFile={(file) => void submitFile(file, skipped)}>
            {t('file')}
          </FileButton>
        </div>
      </div>
    </section>
  );
}

function CaptureProblem({ trouble, onRetry }: { trouble: CaptureTrouble; onRetry(): void }) {
  const { t } = useTranslation('capture');
  const { back, submitFile } = useSession(
    useShallow((session) => ({ back: session.leaveCapture, submitFile: session.submitFile })),
  );
  useCaptureKeys({ onShutter: null, onBack: back });
  return (
    <Problem
      key={trouble}
      name={trouble}
      icon={TROUBLE_ICONS[trouble]}
      title={t(`problem.${trouble}.title`)}
      help={t(`problem.${trouble}.help`)}
    >
      <Button variant="primary" icon="refresh" data-testid="retry" onClick={onRetry}>
        {t('common:retry')}
      </Button>
      <FileButton onFile={(file) => void submitFile(file)}>{t('common:chooseFile')}</FileButton>
      <Button variant="quiet" icon="arrow-left" onClick={back}>
        {t('common:back')}
      </Button>
    </Problem>
  );
}
