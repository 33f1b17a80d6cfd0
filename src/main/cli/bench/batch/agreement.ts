import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { EXIT } from '../../output.ts';
import { filesIn, startLabProcess } from './lab-process.ts';
import { type Spawned, startProgram } from './processes.ts';

/** How far an import's verdicts on pictures are those of `check`. */
export interface Agreement {
  /** Pictures that both judged. */
  compared: number;
  accepted: number;
  /** Pictures of which one accepts what the other refuses. */
  verdicts: string[];
  /** Pictures both refuse, for other reasons. */
  reasons: string[];
}

/** What was said of a picture; an error counts as a reason. */
export interface Said {
  accepted: boolean;
  reasons: readonly string[];
}

interface Options {
  cli: string;
  folder: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/**
 * Judges pictures twice by the real commands: `check`, and a table with a row for each through `import --dry-run`.
 *
 * @param faces folder the pictures are in
 * @throws Error with the end of what a command said when it fails
 */
export async function compareVerdicts(
  faces: string,
  pictures: readonly string[],
  options: Options,
): Promise<Agreement> {
  const { cli, folder, env, signal } = options;
  const place = join(folder, 'agreement');
  await mkdir(place, { recursive: true });
  const { table, config, data } = filesIn(place);
  const names = pictures.map((file) => relative(faces, file).split(sep).join('/'));
  const rows = names.map((name, n) => `F${n},Person ${n},${60_120_000_000 + n},female,"${name.replaceAll('"', '""')}"`);
  await writeFile(table, ['code,name,phone,gender,photo', ...rows, ''].join('\n'));
  const lab = await startLabProcess({ cli, config, env, signal });
  try {
    const told = async (args: string[]) => objectsOf(await startProgram([cli, ...args], { env, signal }));
    const checked = await told(['check', ...pictures, '--config', config, '--platform', 'hcp', '--json']);
    const what = ['--photos', faces, '--to', 'hcp', '--config', config, '--data', data];
    const imported = await told(['import', table, ...what, '--dry-run', '--json']);
    const thorough = new Map(checked.map((one, n) => [names[n] ?? '', saidByCheck(one)]));
    const batch = new Map(
      imported
        .filter((one) => 'code' in one)
        .map((one) => [names[Number(String(one.code).slice(1))] ?? '', saidByImport(one)]),
    );
    return agreementOf(thorough, batch);
  } finally {
    await lab.close();
    await rm(place, { recursive: true, force: true });
  }
}

/** The comparison of what both said (pure). */
export function agreementOf(thorough: ReadonlyMap<string, Said>, batch: ReadonlyMap<string, Said>): Agreement {
  const both = [...thorough].flatMap(([name, one]) => {
    const other = batch.get(name);
    return other === undefined ? [] : [{ name, one, other }];
  });
  const listed = ({ reasons }: Said) => reasons.toSorted().join();
  return {
    compared: both.length,
    accepted: both.filter(({ one }) => one.accepted).length,
    verdicts: both.filter(({ one, other }) => one.accepted !== other.accepted).map(({ name }) => name),
    reasons: both
      .filter(({ one, other }) => one.accepted === other.accepted && listed(one) !== listed(other))
      .map(({ name }) => name),
  };
}

type Json = Record<string, unknown>;

function saidByCheck({ accepted, reasons, error }: Json): Said {
  if (error !== undefined) return { accepted: false, reasons: [String((error as Json).code)] };
  return { accepted: accepted === true, reasons: (reasons as { measure: string }[]).map(({ measure }) => measure) };
}

function saidByImport({ verdict, reasons }: Json): Said {
  return { accepted: verdict === 'accepted', reasons: (reasons as { code: string }[]).map(({ code }) => code) };
}

/** The JSON lines of a command that ended well, or refused something. */
async function objectsOf(run: Spawned): Promise<Json[]> {
  const code = await run.ended;
  if (code !== EXIT.good && code !== EXIT.failed)
    throw new Error(`the command ended with ${code}: ${run.err().trim()}`);
  return run
    .out()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);
}
