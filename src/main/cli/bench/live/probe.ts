/** A task over 50 ms on the page's main thread, and what ran in it where the browser can tell. */
export interface LongTask {
  /** Milliseconds since the page was opened. */
  at: number;
  ms: number;
  attribution: string[];
}

/** What the station's page did, milliseconds since it was opened. */
export interface Probed {
  /** The engine's worker was started, and said that it is warm. */
  warmStart: number | null;
  warm: number | null;
  /** `getUserMedia` resolved. */
  opened: number | null;
  /** Each answer of the live worker. */
  verdicts: number[];
  failures: number;
  /** Frames the camera has delivered so far. */
  delivered: number | null;
  longTasks: LongTask[];
}

declare global {
  var vestibuleProbe: { read(): Promise<Probed> };
}

/** Put into the page before its own scripts: listens to what it does and changes nothing of it. Must use nothing from outside itself. */
export function probe(): void {
  const seen: Probed = {
    warmStart: null,
    warm: null,
    opened: null,
    verdicts: [],
    failures: 0,
    delivered: null,
    longTasks: [],
  };
  let track: (MediaStreamTrack & { stats?: { totalFrames?: number } }) | undefined;
  const frames: { start: number; end: number; scripts: string[] }[] = [];

  interface AnimationFrame extends PerformanceEntry {
    scripts?: { duration: number; invoker: string; sourceFunctionName: string; sourceURL: string }[];
  }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as AnimationFrame[]) {
      const scripts = (entry.scripts ?? []).map(
        ({ duration, invoker, sourceFunctionName, sourceURL }) =>
          `${Math.round(duration)} ms ${invoker} ${sourceFunctionName} ${sourceURL.split('/').at(-1) ?? ''}`,
      );
      frames.push({ start: entry.startTime, end: entry.startTime + entry.duration, scripts });
    }
  }).observe({ type: 'long-animation-frame', buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration, name } of list.getEntries()) {
      seen.longTasks.push({ at: startTime, ms: duration, attribution: [name] });
    }
  }).observe({ type: 'longtask', buffered: true });

  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      if (!String(url).includes('live.worker')) return;
      seen.warmStart = performance.now();
      this.addEventListener('message', ({ data }) => {
        if (data?.type === 'ready') seen.warm = performance.now();
        if (data?.type === 'done') seen.verdicts.push(performance.now());
        if (data?.type === 'failed') seen.failures += 1;
      });
    }
  };

  const devices: MediaDevices | undefined = navigator.mediaDevices;
  const open = devices?.getUserMedia.bind(devices);
  if (devices && open) {
    devices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      seen.opened = performance.now();
      [track] = stream.getVideoTracks();
      return stream;
    };
  }

  globalThis.vestibuleProbe = {
    async read() {
      // What the observers hold back is told in a task of its own.
      await new Promise((resolve) => setTimeout(resolve, 100));
      return {
        ...seen,
        delivered: track?.stats?.totalFrames ?? null,
        longTasks: seen.longTasks.map((task) => ({
          ...task,
          attribution: [
            ...task.attribution,
            ...frames
              .filter(({ start, end }) => start < task.at + task.ms && end > task.at)
              .flatMap(({ scripts }) => scripts),
          ],
        })),
      };
    },
  };
}
