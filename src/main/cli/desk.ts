import { type Composed, compose, webRoots } from '../compose.ts';
import { dataFolder } from '../data-folder.ts';
import { UNGUARDED_KIOSK } from '../kiosk-warning.ts';
import { createLog } from '../log.ts';
import { type Served, serve } from '../loopback/server.ts';
import { VERSION } from '../version.ts';
import type { CommandContext } from './context.ts';

export interface DeskOptions {
  port?: number;
  lab: boolean;
  /** The lab's platforms speak TLS. */
  https?: boolean;
  /** Terminals of the lab. */
  devices?: number;
  config?: string;
  data?: string;
  /** Takes every operator away. */
  clearOperators?: boolean;
  /** It opens for visitors. */
  kiosk?: boolean;
}

export interface Desk {
  served: Served;
  lab: Composed['lab'];
  dataDir: string;
  close(): Promise<void>;
}

/** A station on the loopback host, delivering by itself. What was opened is closed again when a later part fails. */
export async function openDesk({ env, out }: CommandContext, options: DeskOptions): Promise<Desk> {
  const parts = new AsyncDisposableStack();
  try {
    const folder = await dataFolder({ data: options.data, labOnly: options.lab && options.config === undefined });
    parts.defer(() => folder.release());
    const log = createLog({ env, level: 'warn' });
    const { station, lab, close } = await compose({
      dataDir: folder.path,
      configFile: options.config ?? null,
      lab: options.lab,
      labOptions: { https: options.https ?? false, devices: options.devices ?? 1 },
      env,
      log,
      background: true,
      operator: env.VESTIBULE_OPERATOR,
    });
    parts.defer(close);
    if (options.clearOperators) station.operators.clear();
    if (options.kiosk && !station.operators.guard()) out.note(UNGUARDED_KIOSK);
    const served = await serve({
      station,
      version: VERSION,
      lab: lab?.url ?? null,
      kiosk: options.kiosk ?? false,
      roots: webRoots(),
      log,
      port: options.port ?? 0,
    });
    parts.defer(() => served.close());
    return { served, lab, dataDir: folder.path, close: () => parts.disposeAsync() };
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}
