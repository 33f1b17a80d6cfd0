import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { Refusal } from './answers.ts';
import { integerWithin, isoTime, optionalObject, optionalText, optionalTextList, requiredText } from './fields.ts';
import { post } from './routes.ts';
import type { TemporaryPass, TenantState } from './state.ts';

const base = '/api/hccgw/vims/v1/tempauth';
const creator = { creatorId: '8a7485aa7f209dd5017f2141adff0019', creatorName: 'lab' };

/** Temporary passes: a password and a code for somebody who is no person of the platform (chapter 5.6.4). */
export function passRoutes(app: FastifyInstance, context: LabContext, tenant: TenantState): void {
  post(app, `${base}/add`, (body) => {
    const digits = BigInt(`0x${context.random()}`) % 100_000_000n;
    const pass = readPass(tenant, body, { id: tenant.nextId(), password: String(digits).padStart(8, '0') });
    tenant.passes.set(pass.id, pass);
    return { id: pass.id, ...passView(context, tenant, pass) };
  });

  post(app, `${base}/update`, (body) => {
    const pass = passOf(tenant, requiredText(body, 'id'));
    tenant.passes.set(pass.id, readPass(tenant, body, pass));
  });

  post(app, `${base}/get`, (body) => {
    isoTime(body, 'clientLocalTime');
    return passView(context, tenant, passOf(tenant, requiredText(body, 'id')));
  });

  post(app, `${base}/list`, (body) => {
    const pageNum = integerWithin(body, 'pageNum', 1, Number.MAX_SAFE_INTEGER);
    const pageSize = integerWithin(body, 'pageSize', 1, 500, 'OPEN000025');
    const filter = optionalObject(optionalObject(body, 'searchRequest') ?? {}, 'filter') ?? {};
    const name = (optionalText(filter, 'name') ?? '').toLowerCase();
    const found = [...tenant.passes.values()].filter((pass) => pass.name.toLowerCase().includes(name));
    const tempAuthList = found.slice((pageNum - 1) * pageSize, pageNum * pageSize).map((pass) => ({
      id: pass.id,
      name: pass.name,
      openCount: pass.openCount,
      ...creator,
      creatorEmail: '',
      password: pass.password,
      startTime: pass.startTime,
      endTime: pass.endTime,
      expiredStatus: expired(context, pass),
    }));
    return { pageNum, pageSize, totalNum: found.length, tempAuthList };
  });

  post(app, `${base}/delete`, (body) => {
    const ids = optionalTextList(body, 'deleteList') ?? [];
    if (ids.length === 0) throw new Refusal('OPEN000010', 'deleteList');
    for (const { id } of ids.map((id) => passOf(tenant, id))) tenant.passes.delete(id);
  });
}

function passOf(tenant: TenantState, id: string): TemporaryPass {
  const pass = tenant.passes.get(id);
  if (pass === undefined) throw new Refusal('VMS000003', 'id');
  return pass;
}

function readPass(
  tenant: TenantState,
  body: Record<string, unknown>,
  { id, password }: { id: string; password: string },
): TemporaryPass {
  const name = requiredText(body, 'name');
  if ([...name].length > 32) throw new Refusal('OPEN000010', 'name');
  const openCount = integerWithin(body, 'openCount', 1, 200);
  const startTime = isoTime(body, 'startTime');
  const endTime = isoTime(body, 'endTime');
  isoTime(body, 'clientLocalTime');
  if (endTime <= startTime) throw new Refusal('OPEN000010', 'endTime');
  const accessLevelIds = optionalTextList(body, 'alIds') ?? [];
  if (accessLevelIds.some((level) => !tenant.levels.has(level))) throw new Refusal('VMS040016');
  return { id, name, openCount, startTime, endTime, accessLevelIds, password };
}

function expired(context: LabContext, pass: TemporaryPass): 0 | 1 {
  return context.now() > pass.endTime ? 1 : 0;
}

/** Table 5-54. `code` is base64 of a token of this pass; the document does not say what a reader finds in it. */
function passView(context: LabContext, tenant: TenantState, pass: TemporaryPass): Record<string, unknown> {
  return {
    openCount: pass.openCount,
    name: pass.name,
    startTime: pass.startTime,
    endTime: pass.endTime,
    code: Buffer.from(context.random(), 'hex').toString('base64'),
    ...creator,
    expiredStatus: expired(context, pass),
    password: pass.password,
    accessLevelList: pass.accessLevelIds.map((accessLevelId) => ({
      accessLevelId,
      accessLevelName: tenant.levels.get(accessLevelId)?.name ?? '',
    })),
  };
}
