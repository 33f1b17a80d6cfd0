import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { definitions as everyDefinition } from '#platforms/index';
import type { Settings } from '#shared/contract';
import { FaultError } from '#shared/fault';
import { createActors } from './actor.ts';
import type { Station, StationEvents, StationOptions } from './api.ts';
import { type CareDeps, testPlatform, verify } from './care.ts';
import { type Checker, checkPicture } from './check.ts';
import { briefly, letEnd, startClockwork } from './clockwork.ts';
import { createDiagnostics } from './diagnostics/index.ts';
import { unwritten } from './disk.ts';
import { createEnrolling } from './enrolling.ts';
import { createErasing } from './erasing.ts';
import { createEmitter } from './events.ts';
import { facesOf } from './faces.ts';
import { createGateMonitor } from './gates/index.ts';
import { createGuarded } from './guarded.ts';
import { createHandlers } from './handlers.ts';
import { createDeskFaces } from './import/desk-faces.ts';
import { importHandlers } from './import/handlers.ts';
import { openImportRoom } from './import/room.ts';
import { createLiveCriteria } from './live-criteria.ts';
import { errorFacts } from './log.ts';
import { openFolder } from './opening.ts';
import { createDesk } from './operators/desk.ts';
import { createOutbox } from './outbox/outbox.ts';
import { keptDays, RETENTION, retentionOf } from './outbox/retention.ts';
import { createRunner } from './outbox/runner.ts';
import { createPeopleView } from './people-view.ts';
import { createPhotoTokens } from './photos.ts';
import { createPlatforms } from './platforms.ts';
import { createPresenceDesk } from './presence.ts';
import { finishRemovals, remove } from './removal.ts';
import { createSecretVault } from './secrets.ts';
import { createSelftest } from './selftest/index.ts';
import { openSite } from './site/entries.ts';
import { siteHandlers } from './site/handlers.ts';
import { createSiteDesk } from './site/index.ts';
import { STORED_CONFIG, storable } from './stored-config.ts';
import { createKeyDesk } from './vault/change.ts';
import { visitHandlers } from './visits/handlers.ts';
import { createHosts } from './visits/hosts.ts';
import { createVisitDesk } from './visits/index.ts';

const realSleep = (ms: number, signal?: AbortSignal): Promise<void> => delay(ms, undefined, signal && { signal });

/**
 * Opens the station of a data folder. What a dead process left running is taken up at once: when `background` is set by
 * delivering, else by putting it back into the queue.
 * @throws StationError when the folder, the key or the journal cannot be used; the message says what to do
 */
export async function openStation(options: StationOptions): Promise<Station> {
  const { dataDir, config, inspector, settings, background = false } = options;
  const { now = Date.now, sleep = realSleep, random = Math.random } = options;
  const log = options.log.child({ room: 'station' });
  const guarded = createGuarded(log);

  // Changed in place when it changes: the journal reads it each time.
  const retention = { ...RETENTION };
  const { keys, journal, vault, owner } = await openFolder(dataDir, { key: options.key, retention, now: now() });
  if (config.platforms.length > 0 && config.remembered !== true)
    journal.records.setItem(STORED_CONFIG, storable(config), now());

  const closing = new AbortController();
  const winding = new AbortController();
  const actors = createActors(
    [background ? 'desk' : 'cli', options.operator?.trim().slice(0, 64)].filter(Boolean).join(':'),
  );
  const actor = actors.current;
  const definitions = options.definitions ?? everyDefinition;
  const site = openSite({ dataDir: resolve(dataDir), config, journal, definitions, env: options.env ?? {} });
  const keeping = () => keptDays(settings.get().retention, site.base().retention);
  Object.assign(retention, retentionOf(keeping()));
  const platforms = createPlatforms(
    { ...config, platforms: site.all().inUse },
    { now, sleep, pace: journal.pace(now) },
    journal.secrets.get,
  );
  const emitter = createEmitter<StationEvents>((error) => log.error(errorFacts(error), 'a listener failed'));
  const live = createLiveCriteria(platforms, now, closing.signal);
  const checker: Checker = {
    inspector,
    config: {
      get platforms() {
        return platforms.configured;
      },
      get quality() {
        return site.base().quality;
      },
    },
    preset: () => settings.get().preset,
    limits: () => settings.get().limits,
    live: live.known,
  };
  if (background) void live.refresh();
  const photos = createPhotoTokens(now);

  let told = journal.deliveries.revision();
  /** Tells what changed in the journal since the last time, whoever changed it, and deletes photos nothing needs any more. */
  const changed = (): void => {
    if (emitter.heard('delivery.changed')) {
      const news = journal.deliveries.changedSince(told);
      told = news.rev;
      for (const delivery of news.deliveries) emitter.emit('delivery.changed', delivery);
    } else told = journal.deliveries.revision();
    void erasing.sweep();
  };

  const erasing = createErasing({ journal, vault, retention, now, log, purgeMore: () => room.purge() });

  const unexpected = (id: string, error: unknown): void => log.error({ id, ...errorFacts(error) }, 'unexpected error');
  const runner = createRunner({
    journal,
    vault,
    platforms,
    owner,
    now,
    sleep,
    random,
    changed,
    unexpected,
    ended: ({ id, enrolment, platform, attempts }, { state, error }) =>
      log.info(
        { delivery: id, enrolment, platform, attempts, state, kind: error?.kind, code: error?.code },
        'attempt ended',
      ),
    troubled: (error) => log.error(errorFacts(error), 'the journal could not be used'),
  });
  const outbox = createOutbox({ journal, platforms, runner, now, sleep, changed, actor, closing: winding.signal });
  const care: CareDeps = {
    journal,
    platforms,
    vault,
    now,
    random,
    actor,
    changed,
    unexpected,
    eraseFromTables: (code, rows) => room.erasePerson(code, rows),
  };
  const hosts = createHosts(care);
  const visits = createVisitDesk({ ...care, hosts, workdayEnds: () => settings.get().workdayEnds });
  const people = createPeopleView({ journal, platforms, vault, now, actor });
  const secrets = createSecretVault({ journal, platforms, now, actor, nudge: runner.nudge });
  const desk = createDesk({
    journal,
    actors,
    settings,
    now,
    pinCost: options.pinCost,
    changed: () => emitter.emit('operators.changed', {}),
  });

  const siteDesk = createSiteDesk(site, {
    dataDir: resolve(dataDir),
    journal,
    definitions,
    platforms,
    now,
    sleep,
    actor,
    unexpected,
    keeping,
    closing: closing.signal,
    changed(id) {
      live.forget(id);
      gates.follow();
      runner.nudge(id);
      emitter.emit('site.changed', {});
    },
    stop(delivery) {
      try {
        outbox.answer(delivery, 'stop');
        return true;
      } catch (error) {
        // It was just at work, or somebody was quicker: it ends as it ends.
        if (error instanceof FaultError) return false;
        throw error;
      }
    },
  });
  const selftest = createSelftest({ dataDir, journal, inspector, key: options.key, now, closing: closing.signal });
  const released = (fields: readonly (keyof Settings)[]): void => {
    if (fields.includes('preset') || fields.includes('limits')) site.release('quality', now());
    if (fields.includes('retention')) site.release('retention', now());
  };
  /** The times that things are kept for may be others now: what is older goes. */
  const keepFor = (): void => {
    const next = retentionOf(keeping());
    if (isDeepStrictEqual(next, retention)) return;
    Object.assign(retention, next);
    erasing.retime();
  };

  const diagnostics = createDiagnostics({ journal, checker, now, actor });

  const comparesDesk = () => config.imports?.compareDesk ?? settings.get().compareDesk;
  const deskFaces = createDeskFaces({
    journal,
    inspector,
    isOn: comparesDesk,
    sleep,
    attended: background,
    closing: winding.signal,
    troubled: (error) => log.warn(errorFacts(error), 'a face could not be described'),
  });
  const presence = createPresenceDesk({ settings, pin: desk.pin, journal, actor, now });
  const { create, enrol } = createEnrolling({
    journal,
    vault,
    platforms,
    checker,
    live,
    diagnostics,
    inspector,
    settings,
    hosts,
    atDesk: background,
    enrolled: deskFaces.enrolled,
    now,
    actor,
    log,
    written() {
      changed();
      runner.nudge();
    },
  });

  const room = await openImportRoom({
    journal,
    checker,
    get platforms() {
      return platforms.configured;
    },
    create,
    refreshCriteria: live.refresh,
    now,
    sleep,
    owner,
    keepsHold: !background,
    actor,
    changed: (progress) => emitter.emit('import.changed', progress),
    unexpected,
    closing: winding.signal,
    dataDir,
    runner,
    get failedMs() {
      return retention.failedMs;
    },
    background,
  });
  const key = createKeyDesk({
    dataDir,
    journal,
    vault,
    uploads: room.vault,
    change: options.key.change,
    interrupted: keys.length > 1,
    owner,
    closing: closing.signal,
    now,
    actor,
    unexpected,
  });

  const gates = createGateMonitor({
    journal,
    platforms,
    now,
    sleep,
    actor,
    config: config.gates,
    background,
    passed: (pass) => emitter.emit('gates.passed', pass),
    proven: (proof) => emitter.emit('gates.proven', proof),
    watched: (watch) => emitter.emit('gates.watched', watch),
    unexpected,
    closing: winding.signal,
  });

  const clockwork = startClockwork({
    ...{ care, owner, erasing, gates, visits, background, changed, guarded, log, now },
    closing: closing.signal,
  });
  const stopListening = settings.onChange((value) => {
    emitter.emit('settings.changed', value);
    keepFor();
    if (background) guarded(deskFaces.settled);
  });
  runner.takeUp();
  if (background) guarded(deskFaces.settled);
  guarded(gates.forget);
  await erasing.begin();
  const trail = journal.audit.verifyRecent();
  if (!trail.whole) log.error({ row: trail.seq, reason: trail.reason }, 'the audit trail was changed or cut');
  if (background) void clockwork.finish();
  gates.follow();
  const delivering = background
    ? runner.pump(
        {
          pick: (platform) => journal.deliveries.nextDue(platform, null, now()),
          look: (platform) =>
            platforms.get(platform).definition.capabilities.includes('verify')
              ? (journal.deliveries.looksDue(platform, null, now(), 1)[0] ?? null)
              : null,
          finished: () => winding.signal.aborted,
        },
        closing.signal,
      )
    : Promise.resolve();

  let closingDown: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    // A command ends as soon as it has enrolled somebody: their face is described first, as a desk has the time to.
    if (!background) await deskFaces.ended();
    winding.abort(new Error('the station is closing'));
    runner.nudge();
    await letEnd([delivering, runner.settle()], closing);
    clockwork.stop();
    stopListening();
    photos.clear();
    await room.close();
    await deskFaces.ended();
    await briefly(gates.ended());
    await key.settled();
    await platforms.close();
    guarded(() => {
      runner.takeUp();
      runner.leave();
      journal.owners.leave(owner);
    });
    await erasing.end();
    emitter.clear();
    journal.close();
  };

  const orDiskFault = (error: unknown): never => {
    throw unwritten(error);
  };
  const verifyNow = (code: string, signal: AbortSignal) =>
    verify(care, code, AbortSignal.any([signal, closing.signal]));
  const removeNow = (code: string, from: readonly string[], signal: AbortSignal) =>
    remove(care, code, from, AbortSignal.any([signal, closing.signal])).catch(orDiskFault);

  return {
    seat: desk.seat,
    handlers: (app, seat = desk.seat(), pick) =>
      desk.gated(
        createHandlers(
          {
            journal,
            platforms,
            checker,
            consent: config.consent,
            live,
            photos,
            settings,
            create,
            people,
            secrets,
            pin: desk.pin,
            presence,
            get retention() {
              return keeping();
            },
            comparesDesk,
            released,
            site: siteHandlers(siteDesk),
            selftest,
            audit: journal.audit,
            diagnostics,
            verify: verifyNow,
            remove: removeNow,
            testPlatform: (id, signal) => testPlatform(care, id, signal),
            outbox,
            faces: (id) => facesOf({ ...care, actor }, id, closing.signal),
            closing: closing.signal,
            actor,
            now,
            isKiosk: () => desk.isKiosk(seat),
            mayAskAbout: (id) => desk.mayAskAbout(seat, id),
            enrolled: (id) => desk.enrolled(seat, id),
            atDesk: desk.handlers(seat),
            imports: importHandlers(room, pick),
            visits: visitHandlers(visits, hosts, care, closing.signal),
            gates: gates.handlers,
            key: key.handlers,
          },
          app,
        ),
        seat,
      ),
    on: emitter.on,
    check: (source, checkOptions) => checkPicture(checker, source, checkOptions),
    enrol,
    outbox,
    testPlatform: (id, signal) => testPlatform(care, id, AbortSignal.any([signal, closing.signal])),
    verify: verifyNow,
    remove: removeNow,
    removals: {
      open: () => journal.removals.open(),
      finish: (signal) => finishRemovals(care, AbortSignal.any([signal, closing.signal])),
    },
    exportPerson: (code, exportOptions) => people.export(code, exportOptions).catch(orDiskFault),
    audit: journal.audit,
    diagnostics,
    secrets,
    pin: desk.pin,
    operators: desk.operators,
    imports: room.files,
    close() {
      closingDown ??= close();
      return closingDown;
    },
  };
}
