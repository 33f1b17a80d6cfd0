import type { FastifyInstance } from 'fastify';
import { Refusal } from './answers.ts';
import { integerWithin, optionalFlag01, optionalText, optionalTextList, requiredObject } from './fields.ts';
import { doors } from './records.ts';
import { post } from './routes.ts';
import type { TenantState } from './state.ts';

/** What was done to a door from afar: 1 unlocked, 2 locked, 3 remains unlocked, 4 remains locked (A.3.138). */
export interface DoorAction {
  door: string;
  actionType: number;
}

/**
 * Remote control (chapter 5.7.1). As the document has it, a list that is empty or absent means every door: a client that forgets to name one opens
 * the house. What failed is told inside a success (A.3.139).
 */
export function doorRoutes(app: FastifyInstance, tenant: TenantState, done: DoorAction[]): void {
  post(app, '/api/hccgw/acs/v1/remote/control', (body) => {
    const control = requiredObject(body, 'remoteControl');
    const actionType = integerWithin(control, 'actionType', 1, 4);
    const named = optionalTextList(control, 'elementlist') ?? [];
    if (control.direction !== undefined) integerWithin(control, 'direction', 0, 1);
    optionalFlag01(control, 'depthTraversal');
    const area = optionalText(control, 'areaId') ?? '';
    if (area !== '' && area !== '-1' && !tenant.areas.has(area)) throw new Refusal('OPEN000031');
    const known = doors(tenant);
    const wanted = named.length === 0 ? known.map(({ id }) => id) : named;
    const missing = wanted.filter((id) => !known.some((door) => door.id === id));
    for (const door of wanted) if (!missing.includes(door)) done.push({ door, actionType });
    return {
      operationResult: missing.map((elementId) => ({
        elementId,
        elementName: '',
        areaId: '',
        areaName: '',
        errorCode: 'VMS000003',
      })),
    };
  });
}
