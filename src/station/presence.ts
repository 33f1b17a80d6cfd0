import { randomUUID } from 'node:crypto';
import type { PresenceRecord, PresenceReport } from '#shared/calls/presence';
import { FaultError } from '#shared/fault';
import type { SettingsStore } from './api.ts';
import { writing } from './disk.ts';
import type { Journal } from './journal/index.ts';
import type { SupervisorPin } from './pin.ts';

/** How long somebody may take from the permission to the picture, and how many permissions are open at once. */
const PERMISSION_MS = 10 * 60_000;
const PERMISSIONS = 8;

/** Keeps account of the presence check. Whether it was passed only the page knows; whether it may be left out is decided here. */
export interface PresenceDesk {
  /** Lets one picture be taken without. Rejects with FaultError `auth` unless the PIN is right or none is set. */
  permit(pin: string | undefined): Promise<string>;
  /** What is to be kept with a picture. Throws FaultError `auth`, `presence-required`, when the check is missing and nobody permitted that. */
  record(report: PresenceReport | undefined): PresenceRecord;
  /** The picture was taken over: its permission is used up. */
  spend(report: PresenceReport | undefined): void;
}

export function createPresenceDesk({
  settings,
  pin,
  journal,
  actor,
  now,
}: {
  settings: SettingsStore;
  pin: SupervisorPin;
  journal: Journal;
  actor: () => string;
  now: () => number;
}): PresenceDesk {
  const permissions = new Map<string, number>();
  return {
    async permit(given) {
      await pin.demand(given);
      writing(() => journal.audit.append({ actor: actor(), action: 'presence-skip', outcome: 'done' }, now()));
      const permission = randomUUID();
      for (const [old, at] of permissions) {
        if (now() - at > PERMISSION_MS || permissions.size >= PERMISSIONS) permissions.delete(old);
      }
      permissions.set(permission, now());
      return permission;
    },
    record(report) {
      const at = now();
      if (settings.get().presence === 'off') return { result: 'off', at, actions: [] };
      if (report?.result === 'passed') return { result: 'passed', at, actions: report.actions };
      const given = report && permissions.get(report.permission);
      if (given === undefined || at - given > PERMISSION_MS) {
        throw new FaultError({
          kind: 'auth',
          code: 'presence-required',
          message: 'the presence check was left out, and nobody permitted that',
          field: 'presence',
        });
      }
      return { result: 'skipped', at, actions: [] };
    },
    spend(report) {
      if (report?.result === 'skipped') permissions.delete(report.permission);
    },
  };
}
