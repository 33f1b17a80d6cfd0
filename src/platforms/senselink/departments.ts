import { WARNINGS } from '#shared/warnings';
import type { ConnectorDeps } from '../contract.ts';
import type { Client } from './client.ts';
import type { SenselinkConfig } from './config.ts';
import type { DepartmentNode } from './wire.ts';

/** A department in the flat. `parent` is null below the company itself. */
export interface FlatDepartment {
  id: number;
  name: string;
  code: string | null;
  parent: number | null;
}

/** The departments of the tree (§6.7.1) without the company, parents before children. */
export function flatten(node: DepartmentNode, parent: number | null = null): FlatDepartment[] {
  return (node.children ?? []).flatMap((child) => {
    if (typeof child.id !== 'number') return [];
    const { id, name, code } = child;
    return [{ id, name: name ?? String(id), code: code || null, parent }, ...flatten(child, id)];
  });
}

/** Length of a code (§6.7.2) and of a name (§6.7.4). */
const LONGEST_CODE = 45;
const LONGEST_NAME = 50;
/** A batch of people asks for the same list again and again. */
const FRESH_MS = 60_000;

export interface Departments {
  /** The department a person names by code or name: its id, or the reason in words why there is none. */
  resolve(wanted: string, signal: AbortSignal): Promise<{ id: number } | { warning: string }>;
}

export function createDepartments(
  client: Client,
  config: SenselinkConfig,
  deps: Pick<ConnectorDeps, 'now'>,
): Departments {
  let kept: { at: number; list: FlatDepartment[] } | null = null;

  const list = async (signal: AbortSignal): Promise<FlatDepartment[]> => {
    const now = deps.now();
    if (kept === null || now < kept.at || now - kept.at > FRESH_MS)
      kept = { at: now, list: flatten(await client.departments(signal)) };
    return kept.list;
  };

  return {
    async resolve(wanted, signal) {
      const all = await list(signal);
      const byCode = all.find(({ code }) => code === wanted);
      if (byCode !== undefined) return { id: byCode.id };
      const [named, another] = all.filter(({ name }) => name === wanted);
      if (another !== undefined)
        return {
          warning: WARNINGS['senselink-departments-several'],
        };
      if (named !== undefined) return { id: named.id };
      // The list need not tell codes: its sample prints none (§6.7.1).
      const searched = wanted.length > LONGEST_CODE ? null : await client.departmentByCode(wanted, signal);
      if (searched !== null) return { id: searched.id };
      if (config.createDepartments !== true || wanted.length > LONGEST_NAME)
        return { warning: WARNINGS['senselink-department-unknown'] };
      kept = null;
      return { id: (await client.addDepartment(wanted, 0, signal)).id };
    },
  };
}
