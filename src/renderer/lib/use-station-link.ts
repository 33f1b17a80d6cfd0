import { useEffect } from 'react';
import { bridge } from '../bridge.ts';
import { useDeliveries } from '../stores/deliveries.ts';
import { forgetDesk } from '../stores/forget-desk.ts';
import { useGates } from '../stores/gates.ts';
import { useImport } from '../stores/import.ts';
import { isShut, useOperators } from '../stores/operators.ts';
import { useSession } from '../stores/session.ts';
import { useSite } from '../stores/site.ts';
import { useStation } from '../stores/station.ts';

/** Keeps the stores in step with the station: first questions, events, and everything again after a lost connection. */
export function useStationLink(): void {
  useEffect(() => {
    const station = useStation.getState();
    const deliveries = useDeliveries.getState();
    const operators = useOperators.getState();
    const ask = () => {
      const desk = () => !useOperators.getState().status?.kiosk;
      operators
        .load()
        .then(() => Promise.all([station.load(), desk() ? deliveries.loadRecent() : undefined]))
        .then(() => (desk() ? Promise.all([station.testPlatforms(), useImport.getState().load()]) : undefined))
        .catch(() => undefined);
      const { enrolment } = useSession.getState();
      // Whoever looks at receipts may have missed events.
      if (enrolment) deliveries.refresh(enrolment.id).catch(() => undefined);
      if (useGates.getState().monitor) void useGates.getState().load();
    };
    let interrupted = false;
    const off = [
      bridge.on('delivery.changed', (delivery) => {
        // A window for visitors keeps nothing of anybody but who stands there.
        const own = useSession.getState().enrolment?.id === delivery.enrolment;
        if (own || !useOperators.getState().status?.kiosk) deliveries.take(delivery);
      }),
      bridge.on('import.changed', (progress) => useImport.getState().takeProgress(progress)),
      bridge.on('gates.passed', (pass) => useGates.getState().takePass(pass)),
      bridge.on('gates.watched', (watch) => useGates.getState().takeWatch(watch)),
      bridge.on('gates.proven', (proof) => useGates.getState().takeProof(proof)),
      bridge.on('operators.changed', () => void operators.load()),
      // While nobody was signed in nothing was told: whoever signs in sees how things are now.
      useOperators.subscribe(({ status }, before) => {
        if (status?.kiosk && before.status && !before.status.kiosk) {
          forgetDesk();
          void station.load();
        }
        const opened = before.status && isShut(before.status) && !isShut(status);
        if (opened || (before.status?.kiosk && status && !status.kiosk)) ask();
      }),
      bridge.on('site.changed', () => {
        void station.load();
        if (useGates.getState().monitor) void useGates.getState().load();
        if (useSite.getState().view !== null) void useSite.getState().load();
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
