import type { FaultChoice, FaultOrder } from './faults.ts';
import type { LoggedRequest } from './log.ts';
import type { LabPerson, PassOrder, SimulatedPlatform } from './platform.ts';

/** Configuration as a `--config` file holds it, with an entry for every platform of the lab. */
interface LabConfig {
  platforms: Record<string, Record<string, unknown>>;
}

/** A running lab. */
export interface Lab {
  /** Address of the page. */
  url: string;
  config: LabConfig;
  platforms: Map<string, { url: string; platform: SimulatedPlatform }>;
  /** Orders a fault; resolves when it is in force. Rejects when the platform is unknown or the order makes no sense. */
  order(fault: FaultOrder): Promise<void>;
  /** Ends every fault, or those chosen, and brings platforms back that were switched off. Rejects when the platform is unknown. */
  clearFaults(choice?: FaultChoice): Promise<void>;
  /** Somebody passes a door: kept as a record and told to whoever listens. @throws Error when platform or key are unknown. */
  recognise(order: PassOrder & { platform: string }): object;
  people(): Record<string, LabPerson[]>;
  /** Recent requests of one platform, oldest first. @throws Error when there is no such platform. */
  log(id: string): LoggedRequest[];
  /** Forgets everybody, every fault and every logged request. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface LabOptions {
  /** The page's port; the platforms follow on the next ones. Absent or 0: any free ports. */
  port?: number;
  /** The clock of all platforms, in milliseconds since the epoch. */
  now?: () => number;
  /** How many terminals; the second is `device-2`, and so on. */
  devices?: number;
  /** Platforms and pushes speak TLS with a self-signed certificate made at the start; the configuration pins it. The page does not. */
  https?: boolean;
}
