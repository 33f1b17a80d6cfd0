import type { Person } from '#shared/person';

/**
 * What some platforms let an operator do beyond enrolling somebody: groups, rights, cards and fingers, rooms, doors and terminals. A
 * connector offers what its capabilities list (`contract.ts`).
 */

/** Something of the site's own that a configuration refers to: a group, a department, an access level, a door. */
export interface CatalogueEntry {
  id: string;
  name: string;
  /** Id of the entry above it in the same list; null at the top or where there is no tree. */
  parent: string | null;
  /** Whom it is for, where the platform says so. */
  kind: Person['kind'] | null;
  /** Of a door: whether the platform reaches it; absent where it does not tell. */
  online?: boolean;
}

/** What a settings form offers to choose from; a list a platform does not have is empty. */
export interface Catalogue {
  groups: CatalogueEntry[];
  departments: CatalogueEntry[];
  accessLevels: CatalogueEntry[];
  doors: CatalogueEntry[];
}

/** Groups or departments as the desk manages them. Ids are the catalogue's. */
export interface Groups {
  add(group: { name: string; kind: Person['kind'] }, signal: AbortSignal): Promise<CatalogueEntry>;
  rename(id: string, name: string, signal: AbortSignal): Promise<void>;
  /** Rejects for the platform's own default or root, which cannot be taken away. */
  remove(id: string, signal: AbortSignal): Promise<void>;
}

/**
 * What opens doors for one person: groups on one platform, access levels on another. A change touches nobody else's and none but the
 * ids named. Each resolves with `false` when nobody with that code is there.
 */
export interface Rights {
  grant(code: string, kind: Person['kind'], ids: readonly string[], signal: AbortSignal): Promise<boolean>;
  revoke(code: string, kind: Person['kind'], ids: readonly string[], signal: AbortSignal): Promise<boolean>;
  /** Exactly these from now on. */
  replace(code: string, kind: Person['kind'], ids: readonly string[], signal: AbortSignal): Promise<boolean>;
}

/** A fingerprint as it was kept; its data never leave the connector. */
export interface KeptFinger {
  id: string;
  name: string;
}

/**
 * What opens doors beside the face. Platforms that replace whole lists are read before they are written, so that adding one keeps the others.
 * Each resolves with `false` (or null) when nobody with that code is there.
 */
export interface Credentials {
  /** Null takes the PIN away. */
  setPin(code: string, pin: string | null, signal: AbortSignal): Promise<boolean>;
  cards(code: string, signal: AbortSignal): Promise<string[] | null>;
  addCard(code: string, card: string, signal: AbortSignal): Promise<boolean>;
  removeCard(code: string, card: string, signal: AbortSignal): Promise<boolean>;
  /** Reads a card laid on a device, which is named by its serial number. */
  collectCard(device: string, signal: AbortSignal): Promise<string>;
  fingers(code: string, signal: AbortSignal): Promise<KeptFinger[] | null>;
  /** `data`: hexadecimal, as `collectFinger` gives it. */
  addFinger(code: string, finger: { name: string; data: string }, signal: AbortSignal): Promise<boolean>;
  removeFinger(code: string, id: string, signal: AbortSignal): Promise<boolean>;
  /** Reads a finger laid on a device; `quality` 1–100 where it is told, 80 and more is good. */
  collectFinger(device: string, signal: AbortSignal): Promise<{ data: string; quality: number | null }>;
}

/** A room somebody may live in. */
export interface Room {
  id: string;
  name: string | null;
  building: { id: string; name: string | null };
  area: { id: string; name: string | null };
}

export interface Resident {
  personId: string;
  name: string;
  expired: boolean;
  rooms: { id: string; householder: boolean }[];
}

/** People who live in a room. Somebody must be enrolled before moving in: so they keep our key. */
export interface Residents {
  rooms(signal: AbortSignal): Promise<Room[]>;
  /** By a part of the name; everybody without one. */
  search(name: string | null, signal: AbortSignal): Promise<Resident[]>;
  /** Moves in, keeping the rooms the person has; `false` when nobody with that code is there. */
  add(code: string, room: { id: string; householder: boolean }, signal: AbortSignal): Promise<boolean>;
  /** Exactly these rooms from now on, at least one; `false` when no resident has that code. */
  update(code: string, rooms: readonly { id: string; householder: boolean }[], signal: AbortSignal): Promise<boolean>;
  /** Moves out of every room; the person stays enrolled. `false` when no resident has that code. */
  remove(code: string, signal: AbortSignal): Promise<boolean>;
}

/** Doors of a platform that has several, opened from afar. */
export interface Doors {
  /** Unlocks one door once, by the catalogue's id of it. Never more than one: a blank id is refused before anything is sent. */
  open(id: string, signal: AbortSignal): Promise<void>;
}

/** What an operator does with a terminal at a door. Parameters are the platform's own objects, checked against its document. */
export interface Terminal {
  information(signal: AbortSignal): Promise<{ id: string; name: string; model: string | null; version: string | null }>;
  open(remark: string, signal: AbortSignal): Promise<void>;
  syncTime(signal: AbortSignal): Promise<void>;
  reboot(signal: AbortSignal): Promise<void>;
  parameters(group: string, signal: AbortSignal): Promise<Record<string, string | number>>;
  setParameters(group: string, values: Record<string, string | number>, signal: AbortSignal): Promise<void>;
}
