import { FaultBoard, type FaultOrder, ownFaults } from './core/faults.ts';
import type { Lab, LabOptions } from './core/lab.ts';
import type { PlatformFactory, SimulatedPlatform } from './core/platform.ts';
import { type HostedPlatform, hostPlatform } from './core/server.ts';
import { simulateDevice } from './device/index.ts';
import { simulateHcp } from './hcp/index.ts';
import { simulateHikconnect } from './hikconnect/index.ts';
import { simulateMegvii } from './megvii/index.ts';
import { hostPage } from './page/server.ts';
import { simulateSenselink } from './senselink/index.ts';

export type { FaultOrder } from './core/faults.ts';
export type { Lab, LabOptions } from './core/lab.ts';

/**
 * Starts the simulated platforms and their page on 127.0.0.1.
 * @throws Error naming the port when one is taken, or when options make no sense; nothing is left running.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { port = 0, now = Date.now, devices = 1, https = false } = options;
  if (!Number.isInteger(devices) || devices < 1 || devices > 16) throw new Error('The lab has 1 to 16 devices.');
  const factories: [string, PlatformFactory][] = [
    ['hcp', simulateHcp],
    ['device', simulateDevice],
    ['senselink', simulateSenselink],
    ['megvii', simulateMegvii],
    ['hikconnect', simulateHikconnect],
  ];
  // Further terminals come last, so that the five first ports do not depend on their number.
  for (let n = 2; n <= devices; n += 1) factories.push([`device-${n}`, simulateDevice]);
  if (!Number.isInteger(port) || port < 0 || port + 2 * factories.length > 65_535)
    throw new Error(`Port ${port} cannot be used: the lab needs it and the ${2 * factories.length} after it.`);

  const faults = new FaultBoard();
  const hosted = new Map<string, HostedPlatform>();
  const stops: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  };
  const unknownPlatform = (id: string) =>
    new Error(`The lab has no platform ${id}; it has ${[...hosted.keys()].join(', ')}.`);
  const applyFaults = async () => {
    for (const platform of hosted.values()) await platform.applyFaults();
  };

  const lab: Lab = {
    url: '',
    config: { platforms: {} },
    platforms: hosted,
    async order(fault) {
      const found = hosted.get(fault.platform);
      if (!found) throw unknownPlatform(fault.platform);
      if (!canShow(found.platform, fault.mode))
        throw new Error(`${found.platform.title} has no words for "${fault.mode}": its document knows no such answer.`);
      faults.order(fault);
      await applyFaults();
    },
    async clearFaults(choice = {}) {
      if (choice.platform !== undefined && !hosted.has(choice.platform)) throw unknownPlatform(choice.platform);
      faults.clear(choice);
      await applyFaults();
    },
    recognise({ platform: id, ...order }) {
      const found = hosted.get(id);
      if (!found?.platform.recognise)
        throw new Error(found ? `${id} has no record of who passes.` : `The lab has no platform ${id}.`);
      const message = found.platform.recognise(order);
      found.push?.send(message);
      return message;
    },
    people: () => Object.fromEntries([...hosted].map(([id, { platform }]) => [id, platform.people()])),
    log(id) {
      const found = hosted.get(id);
      if (!found) throw new Error(`The lab has no platform ${id}.`);
      return found.platform.log.entries();
    },
    async reset() {
      for (const { platform } of hosted.values()) {
        platform.clear();
        platform.log.clear();
      }
      await lab.clearFaults();
    },
    close: closeAll,
  };

  try {
    // Loaded where it is asked for: the station starts a lab without it.
    const tls = https ? await (await import('./core/certificate.ts')).selfSigned() : null;
    for (const [index, [id, factory]] of factories.entries()) {
      // Pushes follow after all platforms, so that those keep the ports they always had.
      const at = (offset: number) => (port === 0 ? 0 : port + 1 + offset);
      const pushPort = at(factories.length + index);
      const platform = await hostPlatform(id, factory, { port: at(index), pushPort, now, faults, tls });
      stops.push(() => platform.close());
      hosted.set(id, platform);
      lab.config.platforms[id] = {
        ...platform.platform.config(platform.url, platform.push?.port),
        ...(tls && { tls: { fingerprint256: tls.fingerprint256 } }),
      };
    }
    const page = await hostPage(lab, faults, port);
    stops.push(() => page.close());
    lab.url = page.url;
  } catch (error) {
    await closeAll();
    throw error;
  }
  return lab;
}

/** Whether a platform can show a fault: those of the line all can, those in words only where it has them. */
function canShow({ ownFaults: own }: SimulatedPlatform, mode: FaultOrder['mode']): boolean {
  return own.some((fault) => fault === mode) || !ownFaults.some((fault) => fault === mode);
}
