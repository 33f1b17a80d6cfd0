import { FaultError } from '#shared/fault';
import type { GateDoors } from '#shared/gates';
import { asked } from '../care.ts';
import { writing } from '../disk.ts';
import type { AuditEntry, Journal } from '../journal/index.ts';
import type { Platforms } from '../platforms.ts';
import { type Opening, waitForDoor } from './policy.ts';

export interface DoorDeps {
  journal: Journal;
  platforms: Platforms;
  now(): number;
  /** Who acts, for the audit trail. */
  actor(): string;
  unexpected(what: string, error: unknown): void;
}

/** What a terminal's own log says of an opening from here; the audit trail knows who it was. */
const REMARK = 'Vestibule';

function refused(code: string, message: string, field: string): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

/** Doors and terminals: how they stand, and what an operator does with them. */
export function createDoorDesk({ journal, platforms, now, actor, unexpected }: DoorDeps) {
  let openings: Opening[] = [];

  const can = (id: string, what: 'terminal' | 'doors' | 'records' | 'catalogue') =>
    platforms.get(id).definition.capabilities.includes(what);

  async function doorsOf(platform: string, signal: AbortSignal): Promise<GateDoors> {
    const canSetClock = can(platform, 'terminal');
    const answer = await asked({ unexpected }, platform, async () => {
      const connector = platforms.connector(platform);
      const { skewMs } = await connector.test(signal);
      if (connector.terminal) {
        const { id, name, model } = await connector.terminal.information(signal);
        return {
          skewMs,
          doors: [{ id: id || platform, name: name || model || platform, online: true, canOpen: true }],
        };
      }
      const { doors } = (await connector.catalogue?.(signal)) ?? { doors: [] };
      const canOpen = can(platform, 'doors');
      return { skewMs, doors: doors.map(({ id, name, online = null }) => ({ id, name: name || id, online, canOpen })) };
    });
    if ('fault' in answer) return { platform, doors: [], skewMs: null, canSetClock, fault: answer.fault };
    return { platform, ...answer.value, canSetClock, fault: null };
  }

  /** Does it, and notes who did and what came of it; a failure too, for it says little about the door. */
  async function act(
    action: Extract<AuditEntry['action'], 'door-open' | 'clock-set'>,
    platform: string,
    detail: Record<string, string>,
    work: () => Promise<void>,
  ): Promise<void> {
    const by = actor();
    const answer = await asked({ unexpected }, platform, work);
    const fault = 'fault' in answer ? answer.fault : null;
    const outcome = fault === null ? 'done' : `failed:${fault.kind}`;
    writing(() => journal.audit.append({ actor: by, action, platform, outcome, detail }, now()));
    if (fault !== null) throw new FaultError(fault);
  }

  return {
    /** Of every platform that has doors, or keeps records of some; what cannot be asked carries its fault. */
    list(signal: AbortSignal): Promise<GateDoors[]> {
      const able = platforms.configured
        .map(({ id }) => id)
        .filter((id) => can(id, 'terminal') || can(id, 'doors') || (can(id, 'records') && can(id, 'catalogue')));
      return Promise.all(able.map((id) => doorsOf(id, signal)));
    },

    /** @throws FaultError `no-door`, `door-rate`, or what the platform says */
    async open(platform: string, door: string, signal: AbortSignal): Promise<void> {
      if (!can(platform, 'terminal') && !can(platform, 'doors'))
        throw refused('no-door', 'this system opens no door from afar', 'platform');
      const name = `${platform} ${door}`;
      const retryAfterMs = waitForDoor(openings, name, now());
      if (retryAfterMs > 0)
        throw new FaultError({
          kind: 'rate',
          code: 'door-rate',
          retryAfterMs,
          message: 'doors were opened from here too often just now',
        });
      // Counted before it is done: one that hangs must not be asked again and again.
      openings = [...openings.slice(-100), { door: name, at: now() }];
      await act('door-open', platform, { door }, async () => {
        const connector = platforms.connector(platform);
        if (connector.terminal) await connector.terminal.open(REMARK, signal);
        else await connector.doors?.open(door, signal);
      });
    },

    /** @throws FaultError `no-clock`, or what the platform says */
    async setClock(platform: string, signal: AbortSignal): Promise<void> {
      if (!can(platform, 'terminal')) throw refused('no-clock', 'this system’s clock is not set from here', 'platform');
      await act('clock-set', platform, {}, async () => {
        await platforms.connector(platform).terminal?.syncTime(signal);
      });
    },
  };
}
