import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { optionalFlag } from './fields.ts';
import { existing } from './people.ts';
import { post } from './routes.ts';
import type { Door, StoredPerson, TenantState } from './state.ts';

/** A.3.90: 0 applied, 1 to be applied, 2 applying failed, 3 deleting failed. */
type Status = 0 | 1 | 2 | 3;

/** A.4: a face picture below this many bytes is refused by the device. */
const leastFaceBytes = 1024;

/** Whether the doors have taken a person (chapter 5.7.5). `pendingMs` is how long a door takes after any change. */
export function applyingRoutes(
  app: FastifyInstance,
  context: LabContext,
  tenant: TenantState,
  pendingMs: () => number,
): void {
  post(app, '/api/hccgw/acspm/v1/maintain/overview/person/:id/elementdetail', (body, params) => {
    const person = existing(tenant, params.id ?? '');
    const withSuccess = optionalFlag(body, 'returnSuccess');
    const pending = context.now() < person.sentAt + pendingMs() || context.meets('pending');
    const elements = doorsOf(tenant, person).map((door) => elementView(tenant, person, door, pending));
    return { elementDetailList: elements.filter(({ elementStatus }) => withSuccess || elementStatus.status !== 0) };
  });
}

/** The doors a person's access levels open, each once. */
function doorsOf(tenant: TenantState, person: StoredPerson): Door[] {
  const doors = person.accessLevelIds.flatMap((id) => tenant.levels.get(id)?.doors ?? []);
  return [...new Map(doors.map((door) => [door.id, door])).values()];
}

/** A.3.89; the credential list comes with a failure only. */
function elementView(tenant: TenantState, person: StoredPerson, door: Door, pending: boolean) {
  const errorCode = pending ? '' : refusedBy(tenant, person);
  const status: Status = pending ? 1 : errorCode === '' ? 0 : 2;
  const isFace = errorCode.startsWith('THD_ISAPI');
  return {
    id: door.id,
    name: door.name,
    type: 0,
    elementStatus: { errorCode: isFace ? '' : errorCode, status },
    certificateStatusList: isFace ? [{ id: person.personId, errorCode, status: 2, type: 2 }] : [],
  };
}

/** Why a door refuses a person, or an empty string. */
function refusedBy(tenant: TenantState, person: StoredPerson): string {
  const ordered = tenant.applyFailures.get(person.personId);
  if (ordered !== undefined) return ordered;
  const { photo, pinCode, cards, fingers } = person;
  if (photo === null && pinCode === null && cards.length === 0 && fingers.length === 0) return 'VMS040018';
  if (photo !== null && photo.refusal !== '') return photo.refusal;
  if (photo !== null && photo.size < leastFaceBytes) return 'THD_ISAPI_0x6000603c';
  return '';
}
