import {
  type CaptureState,
  captureProgress,
  frameScore,
  held,
  pressShutter,
  startCapture,
  stepCapture,
} from '#shared/capture';
import { faceSpeed, type Guide, type Instruction, liveVerdict, startGuide, stepGuide } from '#shared/guidance';
import type { Box, Inspection } from '#shared/measures';
import type { Criteria, Reason } from '#shared/quality';
import { PRESENCE_OPEN, type PresenceGate, type PresenceView } from './presence-gate.ts';

/** What the session needs of a frame: the pixels are somebody else's business. */
export interface Closable {
  close(): void;
}

export interface LiveSessionDeps<F extends Closable> {
  source: { next(): Promise<F | null>; copy(frame: F): Promise<F>; close(): void };
  /** Takes the frame over. */
  inspect(frame: F): Promise<Inspection>;
  /** Milliseconds, monotonic. */
  now(): number;
  criteria(): Criteria;
  auto(): boolean;
  /** The presence check that stands before the picture; absent where there is none. */
  presence?: PresenceGate;
  onView(view: LiveView): void;
  /** The chosen frame; whoever gets it closes it. Called once, and the session has ended. */
  onCaptured(frame: F): void;
  /** The looking itself failed, repeatedly. The session has ended. */
  onFailed(error: unknown): void;
}

/** What the capture screen shows. */
export interface LiveView {
  instruction: Instruction;
  /** The shutter may be pressed. */
  accepted: boolean;
  /** 0–1 towards the automatic capture. */
  progress: number;
  presence: PresenceView;
  /** Frames looked at when this view came about: 0 until the first verdict. */
  looks: number;
}

/** Single frames may fail; so many in a row mean that the engine is gone. */
const MAX_FAILURES = 3;
/** Movement is measured over at least this long: between two frames of a fast camera an engine's jitter would look like speed. */
const SPEED_BASE_MS = 120;
/** What has not changed is told again after this long: whoever stands still is there all the same. */
const TELL_EVERY_MS = 1000;
/** A pressed shutter waits this long for an accepted frame. */
const SHUTTER_PATIENCE_MS = 600;

/**
 * The loop between a camera and a captured frame: one frame in flight, judged, told to the guide, offered to the capture.
 * Knows no DOM, so that it is tested with frames that are numbers.
 */
export class LiveSession<F extends Closable> {
  readonly #deps: LiveSessionDeps<F>;
  #capture: CaptureState<F> = startCapture<F>();
  #guide: Guide;
  #before: { box: Box; at: number } | null = null;
  #speed: number | null = null;
  /** What was complained of the frame before. */
  #told: readonly Reason[] = [];
  #accepted = false;
  #shutterAt: number | null = null;
  #looks = 0;
  #failures = 0;
  #ended = false;
  #view: LiveView | null = null;
  #toldAt = 0;

  constructor(deps: LiveSessionDeps<F>) {
    this.#deps = deps;
    this.#guide = startGuide(deps.now());
  }

  /** Runs until a frame is captured, the camera ends, the engine fails, or `stop` is called. */
  async run(): Promise<void> {
    while (!this.#ended) {
      let frame: F | null = null;
      try {
        frame = await this.#deps.source.next();
        if (frame === null) break;
        if (this.#ended) {
          frame.close();
          break;
        }
        await this.#look(frame);
        this.#failures = 0;
      } catch (error) {
        this.#failures += 1;
        if (this.#ended || this.#failures < MAX_FAILURES) continue;
        this.#end();
        this.#deps.onFailed(error);
      }
    }
    this.#end();
  }

  /** Takes the best frame held, else the next accepted one. */
  shutter(): void {
    if (this.#ended) return;
    this.#capture = pressShutter(this.#capture);
    if (this.#capture.phase === 'captured') this.#finish(this.#capture.best.frame);
    else if (this.#accepted) this.#shutterAt = this.#deps.now();
  }

  /** Ends the session and lets every frame go. */
  stop(): void {
    this.#end();
  }

  async #look(frame: F): Promise<void> {
    const at = this.#deps.now();
    let kept: F | null = frame;
    try {
      const inspection = await this.#deps.inspect(await this.#deps.source.copy(frame));
      if (this.#ended) return;
      this.#looks += 1;
      const criteria = this.#deps.criteria();
      this.#follow(inspection.box, at);
      const verdict = liveVerdict(inspection, criteria, this.#speed, this.#told);
      this.#told = verdict.told;
      const open = this.#deps.presence?.look(inspection, verdict.ready, at) ?? true;
      // A picture of whoever was here before the check began anew must not be taken.
      if (!open) this.#drop();
      this.#accepted = verdict.accepted && open;
      this.#guide = stepGuide(this.#guide, verdict.instruction, this.#deps.now());

      const pressed = this.#shutterAt !== null && at - this.#shutterAt < SHUTTER_PATIENCE_MS;
      // A quick look guides; the picture is one that was looked at in full.
      const whole = inspection.quick !== true;
      if (this.#accepted && pressed && whole) {
        kept = null;
        this.#finish(frame);
        return;
      }
      if (!pressed) this.#shutterAt = null;

      const look = {
        at,
        ready: verdict.ready && open,
        score: frameScore(inspection.measures, criteria),
        frame: verdict.ready && open && whole ? frame : null,
      };
      const step = stepCapture(this.#capture, look, this.#deps.auto());
      this.#capture = step.state;
      // The machine owns what it was offered: it either holds the frame or lists it for release.
      if (look.frame !== null) kept = null;
      for (const gone of step.release) gone.close();
      this.#tell();
      if (step.state.phase === 'captured') this.#finish(step.state.best.frame);
    } finally {
      kept?.close();
    }
  }

  #follow(box: Box | null, at: number): void {
    if (box && this.#before && at - this.#before.at < SPEED_BASE_MS) return;
    this.#speed = faceSpeed(this.#before, box, at);
    this.#before = box ? { box, at } : null;
  }

  #tell(): void {
    const view: LiveView = {
      instruction: this.#guide.shown,
      accepted: this.#accepted,
      progress: this.#deps.auto() ? captureProgress(this.#capture) : 0,
      presence: this.#deps.presence?.view ?? PRESENCE_OPEN,
      looks: this.#looks,
    };
    // Thirty frames a second mostly say the same: the page is drawn again when there is something new.
    const now = this.#deps.now();
    if (this.#view && isSameView(this.#view, view) && now - this.#toldAt < TELL_EVERY_MS) return;
    this.#view = view;
    this.#toldAt = now;
    this.#deps.onView(view);
  }

  #drop(): void {
    for (const frame of held(this.#capture)) frame.close();
    this.#capture = startCapture<F>();
  }

  #finish(frame: F): void {
    if (this.#ended) return;
    for (const other of held(this.#capture)) if (other !== frame) other.close();
    this.#capture = startCapture<F>();
    this.#end();
    this.#deps.onCaptured(frame);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#drop();
    this.#deps.source.close();
  }
}

function isSameView(a: LiveView, b: LiveView): boolean {
  return (
    a.instruction === b.instruction &&
    a.accepted === b.accepted &&
    a.progress === b.progress &&
    a.presence.status === b.presence.status &&
    a.presence.prompt === b.presence.prompt &&
    a.presence.progress === b.presence.progress
  );
}
