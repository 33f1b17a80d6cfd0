import { createCipheriv, createHash } from 'node:crypto';
import type { Picture } from '../core/picture.ts';
import type { LabContext, LabPerson } from '../core/platform.ts';
import type { Shelved } from '../core/shelf.ts';

export interface Group {
  id: number;
  name: string;
  /** 1 staff, 2 visitors (chapter 6.4.1). */
  type: number;
  created: number;
  updated: number;
}

export interface Department {
  id: number;
  name: string;
  code: string | null;
  parentId: number;
  leaderId: number | null;
}

export interface Avatar {
  /** 24 hexadecimal digits, as in the document's samples. */
  id: string;
  file: Shelved;
  picture: Picture;
}

/** A member of staff or a guest; texts as received. */
export interface Person {
  id: number;
  type: 1 | 2;
  fields: Record<string, string>;
  departmentId: number | null;
  receptionUserId: number;
  groups: number[];
  avatar: Avatar | null;
  created: number;
  updated: number;
}

export const companyId = 58;

/** Everything a simulated SenseLink remembers. Group 1 and 2 are the document's two default groups. */
export class Store {
  readonly people = new Map<number, Person>();
  readonly groups = new Map<number, Group>();
  readonly departments = new Map<number, Department>();
  readonly device = {
    id: 37,
    name: 'Simulated gate',
    location: 'Lobby',
    description: '',
    direction: 0,
    groupStaff: [1],
    groupVisitor: [2],
  };
  readonly #context: LabContext;
  #lastPerson = 65_832;
  #lastGroup = 2;
  #lastDepartment = 2;

  constructor(context: LabContext) {
    this.#context = context;
    for (const [id, name, type] of [
      [1, 'Default staff', 1],
      [2, 'Default visitors', 2],
    ] as const)
      this.groups.set(id, { id, name, type, created: this.now(), updated: this.now() });
    this.departments.set(1, { id: 1, name: 'Administration', code: '001', parentId: 0, leaderId: null });
    this.departments.set(2, { id: 2, name: 'Engineering', code: '002', parentId: 0, leaderId: null });
  }

  now(): number {
    return this.#context.now();
  }

  meets(fault: 'similar' | 'photo-lost'): boolean {
    return this.#context.meets(fault);
  }

  nextPersonId(): number {
    this.#lastPerson += 1;
    return this.#lastPerson;
  }

  nextGroupId(): number {
    this.#lastGroup += 1;
    return this.#lastGroup;
  }

  nextDepartmentId(): number {
    this.#lastDepartment += 1;
    return this.#lastDepartment;
  }

  avatarId(): string {
    return this.#context.random().slice(0, 24);
  }

  /** Forgets people, and the groups and departments a client made. */
  clear(): void {
    this.people.clear();
    for (const id of this.groups.keys()) if (id > 2) this.groups.delete(id);
    for (const id of this.departments.keys()) if (id > 2) this.departments.delete(id);
    Object.assign(this.device, { groupStaff: [1], groupVisitor: [2] });
  }

  groupBriefs(ids: number[]) {
    return ids.flatMap((id) => {
      const group = this.groups.get(id);
      return group ? [{ id: group.id, name: group.name, type: group.type }] : [];
    });
  }

  asLabPerson(person: Person): LabPerson {
    const { name = '', jobNumber = '', mobile = '' } = person.fields;
    // The picture of this moment, whatever they get later.
    const file = person.avatar?.file;
    return {
      // A guest has no key of ours in this interface: the mobile number is what a station could look for.
      key: person.type === 1 ? jobNumber : mobile,
      id: String(person.id),
      kind: person.type === 1 ? 'staff' : 'visitor',
      name,
      get photo() {
        return file?.bytes ?? null;
      },
      access: this.groupBriefs(person.groups).map((group) => group.name),
      details: {
        ...person.fields,
        departmentId: String(person.departmentId ?? ''),
        receptionUserId: String(person.receptionUserId),
        groups: person.groups.join(','),
        avatar: person.avatar?.id ?? '',
      },
    };
  }
}

/** `2019-04-23 10:08:30` with the `.0` some of the document's answers carry. Its zone is the server's: UTC here. */
export function stamp(at: number, suffix = ''): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ') + suffix;
}

/** An id number never comes back in clear (chapter 6.3.1: "the value after symmetric encryption"). */
export function encryptIdNumber(idNumber: string): string {
  const key = createHash('sha256').update('senselink id numbers').digest().subarray(0, 16);
  const cipher = createCipheriv('aes-128-ecb', key, null);
  return Buffer.concat([cipher.update(idNumber, 'utf8'), cipher.final()]).toString('base64');
}
