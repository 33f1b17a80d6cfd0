import type { Lab } from '#lab/index';
import { personOf, portraitFor } from '#main/cli/bench/faults/people';
import { portrait } from '../../fixtures/faces.ts';
import { labStation, person } from './lab-station.ts';
import { obey } from './obey.ts';

/**
 * A station with the real connectors in a process of its own, to be killed: data folder, the lab's configuration as JSON, and whether it
 * delivers by itself (`background`), with answers awaited a second.
 */
const [dataDir = '', config = '{}', background = 'no'] = process.argv.slice(2);
const { platforms } = JSON.parse(config) as Lab['config'];
const station = await labStation(
  dataDir,
  { platforms },
  background === 'background' ? { background: true, headersMs: 1_000 } : {},
);
await obey(station, async (code, { portrait: which, onSimilar }) => {
  const bytes = await portrait();
  const to = Object.keys(platforms);
  const { enrolment } =
    code === undefined
      ? await station.enrol({ photo: { bytes }, person, to })
      : await station.enrol({
          photo: { bytes: await portraitFor(bytes, { portrait: which ?? 0 }) },
          person: personOf({ code, number: Number(code.slice(1)) }),
          to,
          onSimilar: onSimilar ?? 'ask',
        });
  return enrolment?.id;
});
