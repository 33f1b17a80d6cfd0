import { z } from 'zod';
import { FaultError } from '#shared/fault';
import { oneDoor } from '../core/fields.ts';
import type { Doors } from '../site-contract.ts';
import { faultOf } from './faults.ts';
import type { Call } from './session.ts';

const text = z.string().nullish();

/** Table 5-57, A.3.139: who failed, inside a success; an empty list is the success itself. */
const controlled = z
  .object({ operationResult: z.array(z.object({ elementName: text, errorCode: text })).nullish() })
  .nullish()
  .transform((data) => data?.operationResult ?? []);

/** A.3.138 */
const UNLOCK = 1;
const ENTER = 0;

/**
 * Remote opening (5.7.1). An empty `elementlist` means *every* door, and an area means all of its doors: so one door is named, always, and no area ever.
 */
export function createDoors(call: Call): Doors {
  return {
    async open(door, signal) {
      const remoteControl = { actionType: UNLOCK, elementlist: [oneDoor(door)], direction: ENTER, depthTraversal: 0 };
      const failed = await call('/api/hccgw/acs/v1/remote/control', { remoteControl }, controlled, signal);
      const [first] = failed.filter(({ errorCode }) => errorCode !== '0');
      if (!first) return;
      if (first.errorCode) throw faultOf(first.errorCode, '');
      throw new FaultError({
        kind: 'protocol',
        code: 'operationResult',
        message: 'the platform says that the door was not opened, and not why',
      });
    },
  };
}
