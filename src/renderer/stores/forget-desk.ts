import { useDeliveries } from './deliveries.ts';
import { useGates } from './gates.ts';
import { useImport } from './import.ts';
import { useOutbox } from './outbox.ts';
import { usePeople } from './people.ts';
import { useSession } from './session.ts';
import { useSite } from './site.ts';
import { useStation } from './station.ts';
import { useVisits } from './visits.ts';

/** Forgets what the desk was shown: this window serves visitors from now on. Addresses of systems go with what was told of them. */
export function forgetDesk(): void {
  useSession.getState().reset();
  useDeliveries.getState().forgetAll();
  usePeople.setState(usePeople.getInitialState(), true);
  useVisits.setState(useVisits.getInitialState(), true);
  useGates.setState(useGates.getInitialState(), true);
  useOutbox.setState(useOutbox.getInitialState(), true);
  useImport.setState(useImport.getInitialState(), true);
  useSite.setState(useSite.getInitialState(), true);
  useStation.setState(({ platforms }) => ({ tests: {}, platforms: platforms.map((one) => ({ ...one, host: '' })) }));
}
