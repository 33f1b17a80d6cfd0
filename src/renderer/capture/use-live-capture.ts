import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { PresenceReport } from '#shared/calls/presence';
import type { LiveInspector } from '#vision/browser/live';
import { useEngine } from '../stores/engine.ts';
import { useStation } from '../stores/station.ts';
import { encodeJpeg } from './encode.ts';
import { type Frame, frameSource } from './frames.ts';
import { LiveSession, type LiveView } from './live-session.ts';
import { PRESENCE_OPEN, PresenceGate } from './presence-gate.ts';

const FIRST_VIEW: LiveView = {
  instruction: 'no-face',
  accepted: false,
  progress: 0,
  presence: PRESENCE_OPEN,
  looks: 0,
};

export interface LiveCapture {
  view: LiveView;
  /** A frame was chosen and is being made a picture. */
  taking: boolean;
  shutter(): void;
  /** The presence check is left out, with the station's permission. */
  skipPresence(permission: string): void;
  /** The presence check begins anew. */
  retryPresence(): void;
}

/**
 * Looks at a running video until a picture has been taken. `onPicture` gets the JPEG; `onFailed` hears that the frame could not be
 * made one. Nothing runs while `track` or `inspector` is null. `unattended`: the picture is always taken by itself.
 */
export function useLiveCapture(
  video: RefObject<HTMLVideoElement | null>,
  track: MediaStreamTrack | null,
  inspector: LiveInspector | null,
  onPicture: (bytes: Uint8Array<ArrayBuffer>, presence: PresenceReport | undefined) => void,
  onFailed: () => void,
  { unattended = false }: { unattended?: boolean } = {},
): LiveCapture {
  const [view, setView] = useState(FIRST_VIEW);
  const [taking, setTaking] = useState(false);
  const session = useRef<LiveSession<Frame> | null>(null);
  const gate = useRef<PresenceGate | null>(null);
  // The newest callbacks without starting the loop again when they change.
  const callbacks = useRef({ onPicture, onFailed });
  useEffect(() => {
    callbacks.current = { onPicture, onFailed };
  });

  useEffect(() => {
    const element = video.current;
    if (!element || !track || !inspector) return;
    let gone = false;
    const presence = new PresenceGate(() => useStation.getState().settings.presence === 'on', unforeseen);
    const live = new LiveSession<Frame>({
      presence,
      source: frameSource(element, track),
      inspect: (frame) => inspector.inspect(frame, { presence: !presence.open }),
      now: () => performance.now(),
      criteria: () => useStation.getState().criteria,
      auto: () => unattended || useStation.getState().settings.autoCapture,
      onView: setView,
      onCaptured(frame) {
        setTaking(true);
        const report = presence.report;
        encodeJpeg(frame).then(
          (bytes) => {
            if (gone) bytes.fill(0);
            else callbacks.current.onPicture(bytes, report);
          },
          () => {
            if (!gone) callbacks.current.onFailed();
          },
        );
      },
      onFailed: () => useEngine.getState().fail(),
    });
    session.current = live;
    gate.current = presence;
    setView(FIRST_VIEW);
    setTaking(false);
    live.run().catch(() => useEngine.getState().fail());
    return () => {
      gone = true;
      live.stop();
      session.current = null;
      gate.current = null;
    };
  }, [video, track, inspector, unattended]);

  return {
    view,
    taking,
    shutter: useCallback(() => session.current?.shutter(), []),
    skipPresence: useCallback((permission: string) => gate.current?.skip(permission), []),
    retryPresence: useCallback(() => gate.current?.again(), []),
  };
}

/** 0 ≤ n < 1 from the system's generator: what is asked for must not be guessed from what was asked before. */
function unforeseen(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}
