import { useEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { PresenceReport } from '#shared/calls/presence';
import type { OpenCamera } from '../../capture/camera.ts';
import { CaptureStage, useCaptureWords } from '../../capture/capture-stage.tsx';
import { useCaptureDevice } from '../../capture/use-capture-device.ts';
import { useLiveCapture } from '../../capture/use-live-capture.ts';
import { Button } from '../../components/button.tsx';
import { Problem } from '../../components/problem.tsx';
import { Notice, ScreenHeading } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useCaptureKeys } from '../../lib/use-capture-keys.ts';
import { useSpoken } from '../../lib/voice.ts';
import { useEngine } from '../../stores/engine.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import { useSession } from '../../stores/session.ts';
import { useStation } from '../../stores/station.ts';
import styles from './kiosk.module.css';

/** What the ring answers: the face is too dark, or lit from one side. */
const DARK: ReadonlySet<string> = new Set(['more-light', 'turn-to-light']);

/** The camera, which takes the picture by itself. */
export function KioskCapture() {
  const { t } = useTranslation('kiosk');
  const device = useCaptureDevice();
  const tell = useKiosk((state) => state.tell);
  const submitPhoto = useSession((session) => session.submitPhoto);
  const back = () => tell({ type: 'back' });
  if (device.trouble)
    return (
      <Problem name={device.trouble} icon="camera-off" title={t('camera.title')} help={t('camera.help')}>
        <Button variant="primary" size="l" icon="refresh" data-testid="retry" onClick={device.again}>
          {t('common:retry')}
        </Button>
        <Button size="l" onClick={() => tell({ type: 'finish' })}>
          {t('over')}
        </Button>
      </Problem>
    );
  return (
    <Live
      camera={device.state.status === 'live' ? device.state.camera : null}
      onBack={back}
      onPicture={(bytes, presence) => void submitPhoto(bytes, 'image/jpeg', 'camera', presence)}
      onNoFrame={device.failed}
    />
  );
}

function Live({
  camera,
  onBack,
  onPicture,
  onNoFrame,
}: {
  camera: OpenCamera | null;
  onBack(): void;
  onPicture(bytes: Uint8Array<ArrayBuffer>, presence: PresenceReport | undefined): void;
  onNoFrame(): void;
}) {
  const { t, i18n } = useTranslation('kiosk');
  const video = useRef<HTMLVideoElement>(null);
  const { status, inspector } = useEngine(useShallow(({ status, inspector }) => ({ status, inspector })));
  const { usualVoice, ring } = useStation(
    useShallow(({ settings }) => ({ usualVoice: settings.kioskVoice, ring: settings.kioskRing })),
  );
  const voice = useKiosk((state) => state.voice) ?? usualVoice;
  const live = useLiveCapture(
    video,
    camera?.track ?? null,
    status === 'ready' ? inspector : null,
    onPicture,
    onNoFrame,
    { unattended: true },
  );
  const { view, taking, shutter, retryPresence } = live;
  const words = useCaptureWords(live, camera, true);
  useSpoken(words.text, i18n.locale, voice);
  useCaptureKeys({ onShutter: shutter, onBack });
  useFaceIsSomebody(view.looks, view.instruction !== 'no-face');

  // Once lit it stays lit: a light that goes out when it has helped would make the face dark again.
  const [lit, setLit] = useState(false);
  const dark = ring && view.looks > 0 && DARK.has(view.instruction);
  useEffect(() => {
    if (dark) setLit(true);
  }, [dark]);

  const stuck = view.looks > 0 && view.presence.status === 'stuck' && !taking;
  return (
    <section className={styles.capture} data-lit={lit || undefined} data-testid="kiosk-capture">
      <ScreenHeading>{t('capture:title')}</ScreenHeading>
      <CaptureStage video={video} camera={camera} live={live} words={words} />
      <div className={styles.actions}>
        {stuck && (
          <Notice tone="wait" live title={t('stuck')}>
            <Button variant="primary" size="l" icon="refresh" data-testid="presence-retry" onClick={retryPresence}>
              {t('capture:presence.retry')}
            </Button>
          </Notice>
        )}
        <Button variant="quiet" size="l" icon="arrow-left" onClick={onBack}>
          {t('common:back')}
        </Button>
      </div>
    </section>
  );
}

/** Nobody touches anything while they look into the camera: a face before it is somebody who is there. */
function useFaceIsSomebody(looks: number, face: boolean): void {
  const tell = useKiosk((state) => state.tell);
  const told = useRef(0);
  useEffect(() => {
    if (looks === 0 || !face || performance.now() - told.current < 1000) return;
    told.current = performance.now();
    tell({ type: 'seen' });
  }, [looks, face, tell]);
}
