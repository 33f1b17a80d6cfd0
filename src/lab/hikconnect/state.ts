import type { Shelved } from '../core/shelf.ts';
/** A person as `persons/add` takes one (chapter 5.8.5), times parsed to milliseconds. */
export interface BasicInfo {
  groupId: string;
  personCode: string;
  firstName: string;
  lastName: string;
  /** 0 female, 1 male, 2 unknown. */
  gender: 0 | 1 | 2;
  phone: string | null;
  email: string | null;
  description: string | null;
  startDate: number;
  endDate: number;
}

export interface Photo {
  file: Shelved;
  /** In bytes, and what two files that are the same have in common. */
  size: number;
  digest: string;
  /** The unguessable last part of its URL. */
  key: string;
  /** The code with which every door refuses this very picture, empty where they take it. */
  refusal: string;
}

export interface Card {
  id: string;
  cardNo: string;
}

export interface Finger {
  id: string;
  name: string;
  data: string;
}

export interface StoredPerson {
  personId: string;
  info: BasicInfo;
  photo: Photo | null;
  pinCode: string | null;
  cards: Card[];
  fingers: Finger[];
  accessLevelIds: string[];
  /** When anything of this person was last sent on its way to the doors, in milliseconds since the epoch. */
  sentAt: number;
}

export interface PersonGroup {
  groupId: string;
  groupName: string;
  parentId: string | null;
  description: string;
  areaId: string | null;
}

export interface Door {
  id: string;
  name: string;
}

export interface AccessLevel {
  id: string;
  name: string;
  doors: Door[];
}

export interface TemporaryPass {
  id: string;
  name: string;
  openCount: number;
  startTime: number;
  endTime: number;
  accessLevelIds: string[];
  password: string;
}

/** A room people live in; the names of A.3.147 where they differ. */
export interface Room {
  id: string;
  number: number;
  name: string;
  building: { id: string; name: string };
  area: { id: string; name: string };
}

/** A.3.144: who lives where, and whether as householder (1) or family (0). */
export interface Tenancy {
  roomId: string;
  accountType: 0 | 1;
}

/** Everything the tenant of one AK holds. */
export interface TenantState {
  people: Map<string, StoredPerson>;
  groups: Map<string, PersonGroup>;
  levels: Map<string, AccessLevel>;
  areas: Set<string>;
  passes: Map<string, TemporaryPass>;
  rooms: Map<string, Room>;
  /** Person id → rooms; only residents have an entry. */
  residents: Map<string, Tenancy[]>;
  /** Serial numbers of devices that read cards and fingers. */
  readers: Set<string>;
  /** Person id → the code with which every door refuses that person's face. */
  applyFailures: Map<string, string>;
  /** Fresh identifiers of 18 digits. */
  nextId(): string;
}

export const rootGroupId = '1';
export const staffLevelId = '395619513653140480';
const frontDoor = { id: '3e252f4f3e1a4831850abc06778fa484', name: 'Main building-Door 1' };
const backDoor = { id: '9a41c5d07ee64bd0a58e3f5b2a6d1c77', name: 'Main building-Door 2' };
const laboratoryDoor = { id: '51b8e2a96c0f4b7c93d4e0a71f2286bd', name: 'Laboratory-Door 1' };
const areaId = '378117915440050001';
const building = { id: '378117915440060001', name: 'Tower A' };
const readerSerial = 'AF6590718';

/** A tenant as it stands: a root department with two under it, two access levels over three doors. */
export function newTenant(): TenantState {
  let last = 379_224_379_437_087_000n;
  const groups: PersonGroup[] = [
    { groupId: rootGroupId, groupName: 'All Departments', parentId: null, description: '', areaId: null },
    { groupId: '378117915440051200', groupName: 'Staff', parentId: rootGroupId, description: '', areaId },
    { groupId: '378117915440051201', groupName: 'Visitors', parentId: rootGroupId, description: '', areaId },
  ];
  const levels: AccessLevel[] = [
    { id: staffLevelId, name: 'Main building', doors: [frontDoor, backDoor] },
    { id: '395619513653140481', name: 'Laboratory', doors: [laboratoryDoor] },
  ];
  return {
    people: new Map(),
    groups: new Map(groups.map((group) => [group.groupId, group])),
    levels: new Map(levels.map((level) => [level.id, level])),
    areas: new Set([areaId]),
    passes: new Map(),
    rooms: new Map(
      [101, 102, 201].map((number) => {
        const id = `3781179154400${number}00`;
        return [id, { id, number, name: `A-${number}`, building, area: { id: areaId, name: 'Campus' } }];
      }),
    ),
    residents: new Map(),
    readers: new Set([readerSerial]),
    applyFailures: new Map(),
    nextId() {
      last += 1n;
      return String(last);
    },
  };
}

/** Forgets everybody; departments and access levels stay. */
export function forgetPeople(tenant: TenantState): void {
  tenant.people.clear();
  tenant.passes.clear();
  tenant.residents.clear();
  tenant.applyFailures.clear();
}

/** Department names from the root down, joined by slashes. */
export function groupPath(tenant: TenantState, groupId: string): string {
  const group = tenant.groups.get(groupId);
  if (group === undefined) return '';
  return group.parentId === null ? group.groupName : `${groupPath(tenant, group.parentId)}/${group.groupName}`;
}
