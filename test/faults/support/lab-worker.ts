import type { Lab } from '#lab/index';
import { portrait } from '../../fixtures/faces.ts';
import { labStation, person } from './lab-station.ts';
import { obey } from './obey.ts';

/** A station with the real connectors in a process of its own, to be killed: data folder, the lab's configuration as JSON. */
const [dataDir = '', config = '{}'] = process.argv.slice(2);
const { platforms } = JSON.parse(config) as Lab['config'];
const station = await labStation(dataDir, { platforms });
await obey(station, async () => {
  const { enrolment } = await station.enrol({ photo: { bytes: await portrait() }, person, to: Object.keys(platforms) });
  return enrolment?.id;
});
