import type { Shelved } from '../core/shelf.ts';
import type { Criteria } from './quality.ts';

/** 人员类型 (数据字典 1.2.1): 1 staff, 2 visitor, 3 key person; groups use the same numbers (1.3.1). */
export type PersonType = 1 | 2 | 3;

/** A person's own fields, named as 人员管理 1.4.2 names them. Times are milliseconds since the epoch. */
export interface PersonFields {
  name?: string;
  sex?: number;
  imageUri?: string;
  code?: string;
  identifyNum?: string;
  uniqueIdentify?: string;
  visitFirm?: string;
  visitStartTimeStamp?: number;
  visitEndTimeStamp?: number;
  visitReason?: string;
  visitedUuid?: string;
  visitType?: number;
  email?: string;
  phone?: string;
  cardNum?: string;
  password?: string;
  entryTimeStamp?: number;
  postion?: string;
  birthdayStamp?: number;
  ext?: string;
  autograph?: string;
  orgUuid?: string;
  groupList?: string[];
}

export interface StoredPerson {
  uuid: string;
  type: PersonType;
  createdAt: number;
  fields: PersonFields & { name: string; groupList: string[] };
}

export interface StoredImage {
  file: Shelved;
  mime: string;
  dHash: bigint;
  /** False for `config/uploadImage`, whose pictures are for 1:N search alone. */
  enrollable: boolean;
}

export interface PersonGroup {
  uuid: string;
  name: string;
  type: PersonType;
  isDefault: boolean;
}

export interface Organisation {
  uuid: string;
  name: string;
  parentUuid: string | null;
}

export interface Terminal {
  uuid: string;
  name: string;
  location: string;
  deviceType: number;
  deviceModel: number;
  ipAddress: string;
  online: boolean;
  isDoor: boolean;
}

/** Somebody passing a door, as a test lets it happen. */
export interface Pass {
  personUuid: string;
  deviceUuid: string;
  /** Milliseconds since the epoch. */
  at: number;
  passed: boolean;
  /** 通行记录 1.1.3; a face without it. */
  verificationMode?: 0 | 1 | 2 | 3 | 4 | 5;
}

/** Groups let in at one door by one time plan (通行权限管理 1.4.3). */
export interface Authority {
  deviceUuid: string;
  groupUuids: string[];
  scheduleUuid: string;
}

/** What kept somebody from the doors (门禁点管理 1.3.2): 1 the picture was not sent, 6 the face could not be read. */
export interface SyncFailure {
  notice: '1' | '6';
  reason: string;
}

/** Everything one box holds. */
export interface BoxState {
  people: Map<string, StoredPerson>;
  images: Map<string, StoredImage>;
  groups: Map<string, PersonGroup>;
  organisations: Map<string, Organisation>;
  terminals: Terminal[];
  passes: Pass[];
  /** Doors opened from afar, in order. */
  opened: string[];
  /** Person uuid → why the doors could not take the person. */
  syncFailures: Map<string, SyncFailure>;
  authorities: Authority[];
  /** Uuids ever used: a custom one must be unique in history. */
  usedUuids: Set<string>;
  customUuids: boolean;
  criteria: Criteria;
  qrMinutes: { staff: number; visitor: number };
}

/** Uuids the document's samples print for the staff default group and the top organisation. */
export const staffGroupUuid = '976055aae31445c5a583ebc1a53c7514';
export const visitorGroupUuid = '28da70b018ff402089c04d3a023bb7ea';
const keyPersonGroupUuid = 'b9b54f8cd9b24224919883a531244b00';
/** The time plan of the samples of 通行权限管理. */
export const scheduleUuid = '5ce434bd925b4d56a8dded0542d02d81';
export const topOrganisationUuid = '5136133420854963ad5c939f6f10026e';

/** A box as it stands in a site: three default groups, one organisation with two departments, two doors and a camera. */
export function newBox(criteria: Criteria): BoxState {
  const groups: PersonGroup[] = [
    { uuid: staffGroupUuid, name: '员工默认组', type: 1, isDefault: true },
    { uuid: visitorGroupUuid, name: '访客默认组', type: 2, isDefault: true },
    { uuid: keyPersonGroupUuid, name: '重点人员默认组', type: 3, isDefault: true },
  ];
  const organisations: Organisation[] = [
    { uuid: topOrganisationUuid, name: '一级组织', parentUuid: null },
    { uuid: '12bed310d562435fbecfd97e02d69a31', name: '教学部', parentUuid: topOrganisationUuid },
    { uuid: '5486ac8a8e16476ab7eaa0d6a56a399e', name: '行政部', parentUuid: topOrganisationUuid },
  ];
  const terminals = [
    terminal('8b2e4da9392b4847aff5faf9dcb17a3c', '东门面板机', 2, 1, '192.0.2.11', true),
    terminal('83ddaf6a033548a6879fcf7e708e0c74', '西门面板机', 2, 1, '192.0.2.12', true),
    terminal('0e8b42ac716d4f849348d0c81c4db693', '大厅摄像机', 4, 4, '192.0.2.13', false),
  ];
  return {
    people: new Map(),
    images: new Map(),
    groups: new Map(groups.map((group) => [group.uuid, group])),
    organisations: new Map(organisations.map((unit) => [unit.uuid, unit])),
    terminals,
    authorities: terminals
      .filter(({ isDoor }) => isDoor)
      .map(({ uuid }) => ({ deviceUuid: uuid, groupUuids: [staffGroupUuid, visitorGroupUuid], scheduleUuid })),
    passes: [],
    opened: [],
    syncFailures: new Map(),
    usedUuids: new Set(),
    customUuids: false,
    criteria,
    qrMinutes: { staff: 10, visitor: 10 },
  };
}

/** Forgets everybody and every picture; groups, organisations and settings stay. */
export function forgetPeople(box: BoxState): void {
  box.people.clear();
  box.images.clear();
  box.usedUuids.clear();
  box.syncFailures.clear();
  box.passes.length = 0;
  box.opened.length = 0;
}

function terminal(
  uuid: string,
  name: string,
  deviceType: number,
  deviceModel: number,
  ipAddress: string,
  isDoor: boolean,
): Terminal {
  return { uuid, name, location: '主楼', deviceType, deviceModel, ipAddress, online: true, isDoor };
}
