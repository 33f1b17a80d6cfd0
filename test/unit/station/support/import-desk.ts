import type { CallName } from '#shared/channels';
import { dispatch, type Handlers, type Input, type Output } from '#shared/contract';
import { toFault } from '#shared/fault';
import type { Station, StationOptions } from '#station/index';
import { fakePlatform } from './fake-platform.ts';
import { open, temporaryDir } from './station.ts';

/** A station with one platform in a data folder of its own, asked as the import screen asks it. */
export interface ImportDesk {
  readonly path: string;
  readonly station: Station;
  /** @throws Error `code: message` when the call is refused */
  call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>>;
  /** Hands files over as a page does; their token. Only a folder's have names of their own. */
  upload(what: 'table' | 'zip' | 'folder', name: string, parts: Readonly<Record<string, Uint8Array>>): Promise<string>;
  /** Stops the station and starts it on the same folder. */
  again(options?: Partial<StationOptions>): Promise<void>;
  /** Stops it, and takes the folder away. */
  end(): Promise<void>;
}

export async function openImportDesk(usual: Partial<StationOptions> = { background: true }): Promise<ImportDesk> {
  const dir = temporaryDir();
  let station: Station;
  let handlers: Handlers;
  const start = async (options: Partial<StationOptions> = {}) => {
    station = await open(dir.path, { gate: fakePlatform().definition }, { ...usual, ...options });
    handlers = station.handlers({ version: '1.2.3', shell: 'loopback', lab: null });
  };
  const call: ImportDesk['call'] = async <N extends CallName>(name: N, input: Input<N>) => {
    const reply = await dispatch(handlers, name, input, toFault);
    if (!reply.ok) throw new Error(`${reply.fault.code}: ${reply.fault.message}`);
    return reply.value as Output<N>;
  };
  await start();
  return {
    path: dir.path,
    get station() {
      return station;
    },
    call,
    async upload(what, name, parts) {
      const { token } = await call('import.upload', { what, name });
      for (const [part, bytes] of Object.entries(parts))
        await call('import.part', { token, bytes: new Uint8Array(bytes), ...(what === 'folder' && { name: part }) });
      return token;
    },
    async again(options) {
      await station.close();
      await start(options);
    },
    async end() {
      await station.close();
      dir.remove();
    },
  };
}
