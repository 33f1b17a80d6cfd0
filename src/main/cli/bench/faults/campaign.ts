import type { DeliveryState } from '#shared/delivery';
import { median } from '../figures.ts';
import { type Account, accountFor, digestOf, type Found, type Receipt } from './account.ts';
import { oneOf } from './dice.ts';

/** Somebody to be enrolled. */
export interface Recruit {
  code: string;
  number: number;
  /** Which of two portraits: a second enrolment of the same person brings the other. */
  portrait: 0 | 1;
  onSimilar: 'ask' | 'force';
}

/** A delivery that is not done. */
export interface Pending {
  id: string;
  state: DeliveryState;
}

/** A station in a process of its own. Calls reject when the process dies before it answers. */
export interface Desk {
  /** Hands the photo over; what it resolves with writes the enrolment, and resolves when the station says it is written down. */
  prepare(recruit: Recruit): Promise<() => Promise<void>>;
  pending(): Promise<Pending[]>;
  force(delivery: string): Promise<void>;
  retry(delivery: string): Promise<void>;
  receipts(): Promise<Receipt[]>;
  /** kill −9; false when it was gone already. */
  kill(): Promise<boolean>;
}

/** A command at work on the same data folder. */
export interface Command {
  /** Resolves when the process is gone: whether it said that the enrolment was written down. */
  gone: Promise<boolean>;
  kill(): Promise<boolean>;
}

/** The platforms, as the lab has them. */
export interface Site {
  order(fault: { platform: string; mode: FaultMode; times?: number; ms?: number }): Promise<void>;
  clearFaults(): Promise<void>;
  people(): Record<string, readonly Found[]>;
}

/** What a platform may do while the station dies. `off` closes its port and cuts its connections; what it holds stays, as on its disk. */
const MODES = ['off', 'drop', 'hang', 'act-then-hang', 'act-then-drop', 'slow', 'busy', 'garbage', 'html'] as const;
type FaultMode = (typeof MODES)[number];

export interface CampaignDeps {
  site: Site;
  platforms: readonly string[];
  start(): Promise<Desk>;
  /** `enrol` of one person beside the desk; absent: only desks are killed. */
  enrol?(recruit: Recruit): Promise<Command>;
  /** `outbox run` beside the desk. */
  run?(): Command;
  random(): number;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  sleep(ms: number): Promise<void>;
  signal: AbortSignal;
  progress(figures: Figures): void;
}

export interface Figures extends Account {
  kills: number;
  /** Rounds in which a platform misbehaved as well. */
  troubledRounds: number;
  enrolments: number;
  /** Of those, people who were enrolled once more. */
  again: number;
  deliveries: number;
  /** Questions that were asked and answered. */
  questions: number;
  /** Refused in the middle of an outage (an answer that was none) and tried again by hand. */
  retries: number;
  /** From the start of the next process until nothing was left to do, milliseconds. */
  recoveryMedianMs: number;
  recoveryMaxMs: number;
}

/** Longest time a station may need to drain after a kill. */
const DRAIN_MS = 120_000;
const POLL_MS = 25;

/**
 * Kills stations at moments nobody chose, over and over on one data folder and one set of platforms, and has the next one finish the
 * work: people are enrolled, platforms misbehave, the process dies, another starts and drains, questions are answered. In the end
 * everybody is accounted for by what the platforms themselves hold. Stopped by the signal, it tells what it had until then.
 * @throws Error when a station does not drain
 */
export async function campaign(kills: number, deps: CampaignDeps): Promise<Figures> {
  const { site, platforms, random, now, sleep, signal } = deps;
  /** Whoever the station said it had written down, and with which portrait. */
  const written = new Map<string, 0 | 1>();
  const before = new Map<string, string>();
  const recoveries: number[] = [];
  const done = { kills: 0, troubledRounds: 0, enrolments: 0, again: 0, deliveries: 0, questions: 0, retries: 0 };

  /** Somebody new or, where allowed, now and then somebody known with another portrait. */
  const recruit = (mayBeKnown = false): Recruit => {
    const onSimilar = random() < 0.15 ? 'ask' : 'force';
    done.enrolments += 1;
    if (mayBeKnown && written.size > 5 && random() < 0.15) {
      done.again += 1;
      const [code, portrait] = oneOf([...written], random);
      for (const [platform, there] of Object.entries(site.people())) {
        const digest = digestOf(there.find(({ key }) => key === code)?.photo ?? null);
        if (digest !== null) before.set(`${code} ${platform}`, digest);
      }
      return { code, number: Number(code.slice(1)), portrait: portrait === 0 ? 1 : 0, onSimilar };
    }
    const number = done.enrolments - done.again;
    return { code: `K${number}`, number, portrait: 0, onSimilar };
  };

  const accepted = ({ code, portrait }: Recruit): void => {
    written.set(code, portrait);
    done.deliveries += platforms.length;
  };

  const drain = async (desk: Desk): Promise<void> => {
    const from = now();
    for (;;) {
      const pending = await desk.pending();
      if (pending.length === 0) return;
      for (const { id, state } of pending) {
        if (state === 'asking') {
          done.questions += 1;
          await desk.force(id);
        } else if (state === 'refused') {
          done.retries += 1;
          await desk.retry(id);
        }
      }
      if (now() - from > DRAIN_MS)
        throw new Error(`not drained after ${DRAIN_MS / 1000} s: ${pending.map(({ state }) => state).join(', ')}`);
      await sleep(POLL_MS);
    }
  };

  const enrolWhole = async (desk: Desk, who: Recruit): Promise<void> => {
    await (await desk.prepare(who))();
    accepted(who);
  };

  const trouble = async (): Promise<void> => {
    const count = Math.floor(random() * 3);
    if (count > 0) done.troubledRounds += 1;
    for (let n = 0; n < count; n += 1) {
      const mode = oneOf(MODES, random);
      const platform = oneOf(platforms, random);
      const times = mode === 'off' ? undefined : 1 + Math.floor(random() * 3);
      await site.order({ platform, mode, ...(times && { times }), ...(mode === 'slow' && { ms: 300 }) });
    }
  };

  /** The desk dies, alone or with a command that delivers beside it. Resolves with the next desk and who must be enrolled once more. */
  const killDesk = async (desk: Desk, people: readonly Recruit[], span: number): Promise<[Desk, Recruit[], number]> => {
    const writes = await Promise.all(people.map((who) => desk.prepare(who)));
    await trouble();
    const beside = deps.run && random() < 0.3 ? deps.run() : null;
    // A command needs a moment before it delivers: desk and command are then at work together.
    if (beside !== null) await sleep(400);
    const told = new Set<Recruit>();
    const writing = writes.map((write, index) =>
      write().then(
        () => people[index] && told.add(people[index]),
        () => undefined,
      ),
    );
    await sleep(random() * span);
    if (beside !== null && random() < 0.7) done.kills += Number(await beside.kill());
    done.kills += Number(await desk.kill());
    await Promise.all(writing);
    for (const who of told) accepted(who);
    let from = now();
    // An outage may end before the station is back, or outlast it.
    const healing = random() < 0.7 ? site.clearFaults() : sleep(random() * 2_000).then(() => site.clearFaults());
    let heir = await deps.start();
    // The next one may die too, in the middle of taking over.
    while (done.kills < kills && !signal.aborted && random() < 0.8) {
      await sleep(random() * span);
      done.kills += Number(await heir.kill());
      from = now();
      heir = await deps.start();
    }
    await healing;
    if (beside !== null) await beside.gone;
    return [heir, people.filter((who) => !told.has(who)), from];
  };

  /** A command that enrols dies beside a desk that lives and takes its work over. Resolves with whether it said it had enrolled. */
  const killCommand = async (
    enrol: NonNullable<CampaignDeps['enrol']>,
    who: Recruit,
    span: number,
  ): Promise<boolean> => {
    await trouble();
    const command = await enrol(who);
    await Promise.race([sleep((0.4 + random() * 0.8) * span), command.gone]);
    const killed = await command.kill();
    done.kills += Number(killed);
    const told = await command.gone;
    await site.clearFaults();
    return told;
  };

  let desk = await deps.start();
  try {
    // Undisturbed once, to learn how long there is something to disturb.
    const first = recruit();
    const write = await desk.prepare(first);
    let from = now();
    await write();
    accepted(first);
    await drain(desk);
    // On a busy machine the first is slow, and what follows is not: kills belong into the work, not after it.
    const deskSpan = Math.min(1_500, (now() - from) * 1.5);
    let commandSpan = 0;
    if (deps.enrol) {
      from = now();
      const command = recruit();
      if (!(await (await deps.enrol(command)).gone)) throw new Error('the command that enrols failed, undisturbed');
      accepted(command);
      commandSpan = now() - from;
      await drain(desk);
    }

    while (done.kills < kills && !signal.aborted) {
      let start: number;
      if (deps.enrol && random() < 0.2) {
        const who = recruit(true);
        const told = await killCommand(deps.enrol, who, commandSpan);
        start = now();
        // Killed, it may have written the enrolment or not: whoever stood there enrols again.
        if (told) accepted(who);
        else await enrolWhole(desk, who);
      } else {
        const people = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => recruit(index === 0));
        const [heir, unsaid, killedAt] = await killDesk(desk, people, deskSpan * Math.sqrt(people.length));
        desk = heir;
        start = killedAt;
        for (const who of unsaid) await enrolWhole(desk, who);
      }
      await drain(desk);
      recoveries.push(now() - start);
      deps.progress(figures({ lost: 0, twice: 0, withoutPhoto: 0, falseReceipts: 0, strangers: 0, outdated: 0 }));
    }
    await drain(desk);
    return figures(accountFor(written.keys(), await desk.receipts(), site.people(), before));
  } finally {
    await desk.kill();
  }

  function figures(account: Account): Figures {
    return {
      ...done,
      ...account,
      recoveryMedianMs: recoveries.length === 0 ? 0 : median(recoveries),
      recoveryMaxMs: Math.max(0, ...recoveries),
    };
  }
}
