import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { LiveInspector } from '#vision/browser/live';
import { useEngine } from '../stores/engine.ts';
import { useStation } from '../stores/station.ts';
import { encodeJpeg } from './encode.ts';
import { type Frame, frameSource } from './frames.ts';
import { LiveSession, type LiveView } from './live-session.ts';

const FIRST_VIEW: LiveView = { instruction: 'no-face', accepted: false, progress: 0, looks: 0 };

export interface LiveCapture {
  view: LiveView;
  /** A frame was chosen and is being made a picture. */
  taking: boolean;
  shutter(): void;
}

/**
 * Looks at a running video until a picture has been taken. `onPicture` gets the JPEG; `onFailed` hears that the frame could not be
 * made one. Nothing runs while `track` or `inspector` is null.
 */
export function useLiveCapture(
  video: RefObject<HTMLVideoElement | null>,
  track: MediaStreamTrack | null,
  inspector: LiveInspector | null,
  onPicture: (bytes: Uint8Array<ArrayBuffer>) => void,
  onFailed: () => void,
): LiveCapture {
  const [view, setView] = useState(FIRST_VIEW);
  const [taking, setTaking] = useState(false);
  const session = useRef<LiveSession<Frame> | null>(null);
  // The newest callbacks without starting the loop again when they change.
  const callbacks = useRef({ onPicture, onFailed });
  useEffect(() => {
    callbacks.current = { onPicture, onFailed };
  });

  useEffect(() => {
    const element = video.current;
    if (!element || !track || !inspector) return;
    let gone = false;
    const live = new LiveSession<Frame>({
      source: frameSource(element, track),
      inspect: (frame) => inspector.inspect(frame),
      now: () => performance.now(),
      criteria: () => useStation.getState().criteria,
      auto: () => useStation.getState().settings.autoCapture,
      onView: setView,
      onCaptured(frame) {
        setTaking(true);
        encodeJpeg(frame).then(
          (bytes) => {
            if (gone) bytes.fill(0);
            else callbacks.current.onPicture(bytes);
          },
          () => {
            if (!gone) callbacks.current.onFailed();
          },
        );
      },
      onFailed: () => useEngine.getState().fail(),
    });
    session.current = live;
    setView(FIRST_VIEW);
    setTaking(false);
    live.run().catch(() => useEngine.getState().fail());
    return () => {
      gone = true;
      live.stop();
      session.current = null;
    };
  }, [video, track, inspector]);

  return { view, taking, shutter: useCallback(() => session.current?.shutter(), []) };
}
