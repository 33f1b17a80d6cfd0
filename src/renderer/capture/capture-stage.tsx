import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import type { Instruction } from '#shared/guidance';
import { useTranslation } from '../i18n/index.ts';
import { useStation } from '../stores/station.ts';
import type { OpenCamera } from './camera.ts';
import styles from './capture-stage.module.css';
import { GuideOverlay } from './guide-overlay.tsx';
import { InstructionLine, type Shown } from './instruction-line.tsx';
import type { LiveCapture } from './use-live-capture.ts';

/** The one thing to do now, as a sign and in words. `instruction` is null before the first look. */
export function useCaptureWords(
  { view }: Pick<LiveCapture, 'view'>,
  camera: OpenCamera | null,
  auto: boolean,
): { instruction: Shown | null; text: string } {
  const { t } = useTranslation('capture');
  const { presence } = view;
  // Nobody, or somebody else beside, comes before what was asked for.
  const asked = presence.prompt !== null && view.instruction !== 'no-face' && view.instruction !== 'one-person';
  const instruction: Shown | null =
    view.looks === 0 ? null : asked ? `presence-${presence.prompt ?? 'straight'}` : view.instruction;
  const text = !camera
    ? t('opening')
    : instruction === null
      ? t('warming')
      : asked && presence.prompt
        ? t(`presence.prompt.${presence.prompt}`)
        : t(`instruction.${goodWords(view.instruction, presence.status !== 'open', auto)}`);
  return { instruction, text };
}

/** What `good` means next: the check begins, the picture is taken, or the shutter is to be pressed. */
function goodWords(instruction: Instruction, checking: boolean, auto: boolean) {
  if (instruction !== 'good') return instruction;
  return checking ? 'goodChecking' : auto ? 'good' : 'goodManual';
}

/** The live picture, where the face belongs, how far the capture has come, and the one thing to do. As large as its place allows. */
export function CaptureStage({
  video,
  camera,
  live,
  words,
  children,
}: {
  video: RefObject<HTMLVideoElement | null>;
  camera: OpenCamera | null;
  live: LiveCapture;
  words: { instruction: Shown | null; text: string };
  /** Laid over the picture. */
  children?: ReactNode;
}) {
  const { t } = useTranslation('capture');
  const mirror = useStation((state) => state.settings.mirror);
  const [playing, setPlaying] = useState(false);
  const { view, taking } = live;
  const { presence } = view;

  useEffect(() => {
    if (!video.current) return;
    video.current.srcObject = camera?.stream ?? null;
    setPlaying(false);
  }, [camera, video]);

  return (
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
          good={words.instruction === 'good'}
          progress={taking ? 1 : presence.status === 'open' ? view.progress : presence.progress}
        />
        <InstructionLine instruction={words.instruction} text={words.text} mirrored={mirror} />
        {children}
        <span className={styles.flash} />
      </div>
    </div>
  );
}
