import { type ReactNode, useEffect, useRef } from 'react';
import type { Inspection } from '#shared/measures';
import { frameSource } from '../../capture/frames.ts';
import { useCaptureDevice } from '../../capture/use-capture-device.ts';
import { Button, Spinner } from '../../components/button.tsx';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useEngine } from '../../stores/engine.ts';
import { useStation } from '../../stores/station.ts';
import styles from './quality.module.css';

/** Looks a second: numbers that change faster cannot be read. */
const PAUSE_MS = 200;

/** The camera with what the check sees in it; nothing is kept. Off, no camera is open. */
export function LivePreview({
  on,
  onLook,
  children,
}: {
  on: boolean;
  onLook(look: Inspection): void;
  children: ReactNode;
}) {
  return on ? <Watching onLook={onLook}>{children}</Watching> : null;
}

function Watching({ onLook, children }: { onLook(look: Inspection): void; children: ReactNode }) {
  const { t } = useTranslation('quality');
  const { state, trouble, again } = useCaptureDevice();
  const inspector = useEngine(({ status, inspector }) => (status === 'ready' ? inspector : null));
  const mirror = useStation((station) => station.settings.mirror);
  const video = useRef<HTMLVideoElement>(null);
  const camera = state.status === 'live' ? state.camera : null;

  useEffect(() => {
    if (video.current) video.current.srcObject = camera?.stream ?? null;
  }, [camera]);

  useEffect(() => {
    const element = video.current;
    if (!element || !camera || !inspector) return;
    let gone = false;
    const source = frameSource(element, camera.track);
    const watch = async () => {
      for (let frame = await source.next(); frame !== null && !gone; frame = await source.next()) {
        const look = await inspector.inspect(frame);
        // A quick look has not measured the light of this very frame.
        if (!gone && look.quick !== true) onLook(look);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    };
    watch().catch(() => {
      if (!gone) useEngine.getState().fail();
    });
    return () => {
      gone = true;
      source.close();
    };
  }, [camera, inspector, onLook]);

  if (trouble)
    return (
      <Notice
        tone="bad"
        live
        title={t(`capture:problem.${trouble}.title`)}
        actions={
          <Button icon="refresh" onClick={again}>
            {t('again')}
          </Button>
        }
      >
        {t(`capture:problem.${trouble}.help`)}
      </Notice>
    );
  return (
    <div className={styles.preview} data-testid="quality-preview">
      <video
        ref={video}
        className={styles.video}
        data-mirror={mirror || undefined}
        aria-label={t('capture:preview')}
        autoPlay
        playsInline
        muted
      />
      {children || (
        <p className={styles.waiting}>
          <Spinner /> {t('waiting')}
        </p>
      )}
    </div>
  );
}
