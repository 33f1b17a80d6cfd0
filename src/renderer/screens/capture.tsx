import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { PresenceReport } from '#shared/calls/presence';
import type { Instruction } from '#shared/guidance';
import type { CameraProblem } from '../capture/camera.ts';
import { GuideOverlay } from '../capture/guide-overlay.tsx';
import { InstructionLine, type Shown } from '../capture/instruction-line.tsx';
import { PresenceControls } from '../capture/presence-controls.tsx';
import { type CameraState, useCamera } from '../capture/use-camera.ts';
import { useLiveCapture } from '../capture/use-live-capture.ts';
import { Button, FileButton } from '../components/button.tsx';
import type { IconName } from '../components/icons.tsx';
import { Problem } from '../components/problem.tsx';
import { ScreenHeading } from '../components/screen.tsx';
import { Select } from '../components/select.tsx';
import { cameraChoices } from '../lib/camera-choices.ts';
import { useCaptureKeys } from '../lib/use-capture-keys.ts';
import { useEngine } from '../stores/engine.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './capture.module.css';

type Trouble = CameraProblem | 'engine' | 'frames';

const TROUBLE_ICONS: Record<Trouble, IconName> = {
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
  const cameraId = useStation((state) => state.settings.cameraId);
  const { state, cameras, retry } = useCamera(cameraId);
  const { engine, warm } = useEngine(useShallow(({ status, warm }) => ({ engine: status, warm })));
  const [noFrame, setNoFrame] = useState(false);
  const { leave, submitPhoto } = useSession(
    useShallow((session) => ({ leave: session.leaveCapture, submitPhoto: session.submitPhoto })),
  );

  useEffect(() => {
    // An engine that failed while Welcome was shown gets another chance; one that runs is left alone.
    warm();
  }, [warm]);

  const trouble: Trouble | null =
    state.status === 'problem' ? state.problem : engine === 'failed' ? 'engine' : noFrame ? 'frames' : null;
  if (trouble) {
    return (
      <CaptureProblem
        trouble={trouble}
        onRetry={() => {
          setNoFrame(false);
          warm();
          retry();
        }}
      />
    );
  }
  return (
    <LiveCapture
      state={state}
      cameras={cameras}
      onBack={leave}
      onPicture={(bytes, presence) => void submitPhoto(bytes, 'image/jpeg', 'camera', presence)}
      onNoFrame={() => setNoFrame(true)}
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
  const { t } = useTranslation(['capture', 'common']);
  const video = useRef<HTMLVideoElement>(null);
  const [playing, setPlaying] = useState(false);
  const { mirror, auto, save } = useStation(
    useShallow(({ settings, saveSettings }) => ({
      mirror: settings.mirror,
      auto: settings.autoCapture,
      save: saveSettings,
    })),
  );
  const { status, inspector } = useEngine(useShallow(({ status, inspector }) => ({ status, inspector })));
  const submitFile = useSession((session) => session.submitFile);
  const camera = state.status === 'live' ? state.camera : null;
  const [skipped, setSkipped] = useState<PresenceReport>();
  const { view, taking, shutter, skipPresence, retryPresence } = useLiveCapture(
    video,
    camera?.track ?? null,
    status === 'ready' ? inspector : null,
    onPicture,
    onNoFrame,
  );
  useCaptureKeys({ onShutter: shutter, onBack });
  const skip = (permission: string) => {
    skipPresence(permission);
    // A file may be chosen instead of the camera, too.
    setSkipped({ result: 'skipped', permission });
  };

  useEffect(() => {
    if (!video.current) return;
    video.current.srcObject = camera?.stream ?? null;
    setPlaying(false);
  }, [camera]);

  const looking = view.looks > 0;
  const { presence } = view;
  // Nobody, or somebody else beside, comes before what was asked for.
  const asked = presence.prompt !== null && view.instruction !== 'no-face' && view.instruction !== 'one-person';
  const instruction: Shown | null = !looking
    ? null
    : asked
      ? `presence-${presence.prompt ?? 'straight'}`
      : view.instruction;
  const text = !camera
    ? t('opening')
    : instruction === null
      ? t('warming')
      : asked && presence.prompt
        ? t(`presence.prompt.${presence.prompt}`)
        : t(`instruction.${goodWords(view.instruction, presence.status !== 'open', auto)}`);
  const ready = view.accepted && !taking;
  return (
    <section className={styles.capture}>
      <div className={styles.headingRow}>
        <ScreenHeading>{t('title')}</ScreenHeading>
      </div>
      <div className={styles.room}>
        <div className={styles.stage} data-taking={taking || undefined}>
          <video
            ref={video}
            className={styles.video}
            data-mirror={mirror || undefined}
            data-playing={playing || undefined}
            aria-label={t('preview')}
            autoPlay
            playsInline
            muted
            onPlaying={() => setPlaying(true)}
          />
          <GuideOverlay
            good={instruction === 'good'}
            progress={taking ? 1 : presence.status === 'open' ? view.progress : presence.progress}
          />
          <InstructionLine instruction={instruction} text={text} mirrored={mirror} />
          {looking && presence.status !== 'open' && !taking && (
            <PresenceControls stuck={presence.status === 'stuck'} onRetry={retryPresence} onSkip={skip} />
          )}
          <span className={styles.flash} />
        </div>
      </div>
      <div className={styles.controls}>
        <div className={styles.left}>
          <Button variant="quiet" icon="arrow-left" onClick={onBack}>
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

/** What `good` means next: the check begins, the picture is taken, or the shutter is to be pressed. */
function goodWords(instruction: Instruction, checking: boolean, auto: boolean) {
  if (instruction !== 'good') return instruction;
  return checking ? 'goodChecking' : auto ? 'good' : 'goodManual';
}

function CaptureProblem({ trouble, onRetry }: { trouble: Trouble; onRetry(): void }) {
  const { t } = useTranslation(['capture', 'common']);
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
