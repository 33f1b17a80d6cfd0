import { useEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { GuideOverlay } from '../../capture/guide-overlay.tsx';
import { InstructionLine, type Shown } from '../../capture/instruction-line.tsx';
import { PresenceControls } from '../../capture/presence-controls.tsx';
import { type CameraState, useCamera } from '../../capture/use-camera.ts';
import { useLiveCapture } from '../../capture/use-live-capture.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useEngine } from '../../stores/engine.ts';
import { useStation } from '../../stores/station.ts';
import styles from './rows.module.css';

/** The camera inside a row: the guidance of the capture screen, for the one person who stands here. */
export function RowCamera({ onPicture, onBack }: { onPicture(bytes: Uint8Array<ArrayBuffer>): void; onBack(): void }) {
  const { t } = useTranslation('import');
  const cameraId = useStation((state) => state.settings.cameraId);
  const { state, retry } = useCamera(cameraId);
  const { engine, warm } = useEngine(useShallow(({ status, warm }) => ({ engine: status, warm })));
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    warm();
  }, [warm]);
  const trouble =
    state.status === 'problem' ? state.problem : engine === 'failed' ? 'engine' : failed ? 'frames' : null;
  return (
    <>
      {trouble ? (
        <div data-testid="row-camera-problem">
          <Notice
            tone="bad"
            live
            title={t(`capture:problem.${trouble}.title`)}
            actions={
              <Button
                icon="refresh"
                onClick={() => {
                  setFailed(false);
                  warm();
                  retry();
                }}
              >
                {t('common:retry')}
              </Button>
            }
          >
            {t(`capture:problem.${trouble}.help`)} {t('row.noCamera')}
          </Notice>
        </div>
      ) : (
        <LiveRow state={state} onPicture={onPicture} onFailed={() => setFailed(true)} />
      )}
      <Button variant="quiet" icon="arrow-left" onClick={onBack}>
        {t('row.back')}
      </Button>
    </>
  );
}

function LiveRow({
  state,
  onPicture,
  onFailed,
}: {
  state: CameraState;
  onPicture(bytes: Uint8Array<ArrayBuffer>): void;
  onFailed(): void;
}) {
  const { t } = useTranslation('import');
  const video = useRef<HTMLVideoElement>(null);
  const mirror = useStation(({ settings }) => settings.mirror);
  const { status, inspector } = useEngine(useShallow(({ status, inspector }) => ({ status, inspector })));
  const camera = state.status === 'live' ? state.camera : null;
  const { view, taking, shutter, skipPresence, retryPresence } = useLiveCapture(
    video,
    camera?.track ?? null,
    status === 'ready' ? inspector : null,
    onPicture,
    onFailed,
  );
  useEffect(() => {
    if (video.current) video.current.srcObject = camera?.stream ?? null;
  }, [camera]);
  const { presence } = view;
  const asked = presence.prompt !== null && view.instruction !== 'no-face' && view.instruction !== 'one-person';
  const instruction: Shown | null =
    view.looks === 0 ? null : asked ? `presence-${presence.prompt ?? 'straight'}` : view.instruction;
  const text = !camera
    ? t('capture:opening')
    : instruction === null
      ? t('capture:warming')
      : asked && presence.prompt
        ? t(`capture:presence.prompt.${presence.prompt}`)
        : t(`capture:instruction.${view.instruction}`);
  return (
    <>
      <div className={styles.stage}>
        <video
          ref={video}
          className={styles.video}
          data-mirror={mirror || undefined}
          aria-label={t('capture:preview')}
          autoPlay
          playsInline
          muted
        />
        <GuideOverlay
          good={instruction === 'good'}
          progress={taking ? 1 : presence.status === 'open' ? view.progress : presence.progress}
        />
        <InstructionLine instruction={instruction} text={text} mirrored={mirror} />
        {view.looks > 0 && presence.status !== 'open' && !taking && (
          <PresenceControls stuck={presence.status === 'stuck'} onRetry={retryPresence} onSkip={skipPresence} />
        )}
      </div>
      <Button
        variant="primary"
        icon="camera"
        data-testid="row-shutter"
        busy={taking}
        disabled={!view.accepted}
        onClick={shutter}
      >
        {t('row.shutter')}
      </Button>
    </>
  );
}
