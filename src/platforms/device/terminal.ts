import { FaultError } from '#shared/fault';
import type { Terminal } from '../site-contract.ts';
import type { Client } from './client.ts';
import { checkParameters, parameterGroup } from './parameters.ts';

/** Length of a remark on opening (§8.1.7). */
const LONGEST_REMARK = 255;

/** What an operator does at the door (§8.1). */
export function createTerminal(client: Client): Terminal {
  return {
    async information(signal) {
      const { deviceID, deviceName, deviceMoel, appVer } = await client.information(signal);
      return { id: deviceID ?? '', name: deviceName ?? '', model: deviceMoel ?? null, version: appVer ?? null };
    },
    async open(remark, signal) {
      if (remark.length > LONGEST_REMARK)
        throw new FaultError({
          kind: 'validation',
          code: 'field',
          field: 'remark',
          message: `the remark is ${remark.length} characters long; the terminal takes at most ${LONGEST_REMARK}`,
        });
      await client.open(remark, signal);
    },
    syncTime: (signal) => client.syncTime(signal),
    reboot: (signal) => client.reboot(signal),
    parameters: async (name, signal) => client.parameters(parameterGroup(name), signal),
    async setParameters(name, values, signal) {
      const group = parameterGroup(name);
      // Only what is to change: a terminal may stand outside its own ranges, as the document's sample does, and that is its affair.
      checkParameters(group, values);
      await client.setParameters(group, { ...(await client.parameters(group, signal)), ...values }, signal);
    },
  };
}
