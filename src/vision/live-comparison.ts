/** What `vestibule bench live` hands to its page. */
export interface CompareOrder {
  /** Where the engine's files are; ends in a slash. */
  assetsUrl: string;
  /** The live worker as it was built for the station. */
  workerUrl: string;
  /** Pictures of each scene, by the scene's name, looked at in turn; `presence`: as while a presence check runs. */
  scenes: Record<string, { urls: string[]; presence: boolean }>;
  rounds: number;
  /** Looks of one worker before the other's turn. */
  looks: number;
}

/** One worker's looks at one scene: for each of its turns how many looks there were and how long they took together. */
export interface CompareTurns {
  scene: string;
  worker: 'station' | 'tiny';
  turns: { looks: number; ms: number; faces: number }[];
}

export interface Comparison {
  /** Start of each worker's engine, milliseconds. */
  warmUpMs: Record<'station' | 'tiny', number>;
  results: CompareTurns[];
}

declare global {
  /** Called by the bench through the browser's debugger. */
  var vestibuleCompare: (order: CompareOrder) => Promise<Comparison>;
}
