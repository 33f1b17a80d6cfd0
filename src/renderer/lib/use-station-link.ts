import { useEffect } from 'react';
import { bridge } from '../bridge.ts';
import { useDeliveries } from '../stores/deliveries.ts';
import { isShut, useOperators } from '../stores/operators.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';

/** Keeps the stores in step with the station: first questions, events, and everything again after a lost connection. */
export function useStationLink(): void {
  useEffect(() => {
    const station = useStation.getState();
    const deliveries = useDeliveries.getState();
    const operators = useOperators.getState();
    const ask = () => {
      void operators.load();
      Promise.all([station.load(), deliveries.loadRecent()])
        .then(() => station.testPlatforms())
        .catch(() => undefined);
      const { enrolment } = useSession.getState();
      // Whoever looks at receipts may have missed events.
      if (enrolment) deliveries.refresh(enrolment.id).catch(() => undefined);
    };
    let interrupted = false;
    const off = [
      bridge.on('delivery.changed', (delivery) => deliveries.take(delivery)),
      bridge.on('operators.changed', () => void operators.load()),
      // While nobody was signed in nothing was told: whoever signs in sees how things are now.
      useOperators.subscribe(({ status }, before) => {
        if (before.status && isShut(before.status) && !isShut(status)) ask();
      }),
      bridge.on('settings.changed', (settings) => station.takeSettings(settings)),
      bridge.onConnection((connection) => {
        station.takeConnection(connection);
        if (connection.state === 'open' && interrupted) {
          interrupted = false;
          ask();
        } else if (connection.state === 'retrying') interrupted = true;
      }),
    ];
    station.takeConnection(bridge.connection());
    ask();
    return () => {
      for (const stop of off) stop();
    };
  }, []);
}
