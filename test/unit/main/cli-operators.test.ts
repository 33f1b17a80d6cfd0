import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explain } from '#main/cli/output';
import { createProgram } from '#main/cli/program';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vestibule-cli-operators-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Runs the command line on a data folder of its own: what it said, and with which code it would end. */
async function run(args: string[], input = '') {
  const said = { json: [] as unknown[], lines: [] as string[], notes: [] as string[] };
  const program = createProgram({
    out: {
      json: (value) => said.json.push(value),
      line: (text) => said.lines.push(text),
      note: (text) => said.notes.push(text),
    },
    env: { VESTIBULE_OPERATOR: 'owner' },
    signal: new AbortController().signal,
    stdin: Readable.from([Buffer.from(input)]) as unknown as NodeJS.ReadStream,
    exit: () => undefined,
  });
  try {
    await program.parseAsync([...args, '--data', dir], { from: 'user' });
    return { ...said, code: 0, message: '' };
  } catch (error) {
    return { ...said, ...explain(error) };
  }
}
const operators = (...args: string[]) => run(['operators', ...args]);

describe('vestibule operators', () => {
  it('adds, lists, changes and removes who may sign in; the first is administrator, and the last one stays', async () => {
    expect((await operators('list')).notes.join()).toContain('nobody has to sign in');
    expect(await run(['operators', 'add', 'Ada'], '1111\n')).toMatchObject({
      code: 0,
      notes: ['Ada may sign in as administrator'],
    });
    expect(await run(['operators', 'add', 'Ben', '--role', 'supervisor'], '2222')).toMatchObject({ code: 0 });
    expect((await operators('list', '--json')).json).toEqual([
      { operator: 'Ada', role: 'administrator' },
      { operator: 'Ben', role: 'supervisor' },
    ]);

    expect(await operators('remove', 'Ada')).toMatchObject({
      code: 2,
      message: expect.stringContaining('administrator'),
    });
    expect(await operators('role', 'Ada', 'operator')).toMatchObject({ code: 2 });
    expect(await operators('role', 'ben', 'administrator')).toMatchObject({ code: 0 });
    expect(await run(['operators', 'reset', 'Ben'], '3333')).toMatchObject({ code: 0 });
    expect(await operators('remove', 'Ada')).toMatchObject({ code: 0 });
    expect((await operators('list')).lines).toEqual([expect.stringMatching(/^Ben +administrator$/)]);
    expect(await operators('clear')).toMatchObject({ code: 0, notes: [expect.stringContaining('everything')] });
    expect((await operators('list')).lines).toEqual([]);

    const file = join(dir, 'trail.csv');
    expect(await run(['audit', 'export', '--csv', file])).toMatchObject({ code: 0 });
    const trail = readFileSync(file, 'utf8').split(/\r?\n/);
    const told = trail.filter((row) => row.includes('operator-'));
    expect(told.map((row) => /operator-[a-z]+/.exec(row)?.[0])).toEqual([
      'operator-add',
      'operator-add',
      'operator-role',
      'operator-pin',
      'operator-remove',
      'operator-remove',
      'operator-clear',
    ]);
    expect(told.every((row) => row.includes('cli:owner'))).toBe(true);
    // Neither PINs nor what is kept of them; digests of the trail may have such digits among others.
    expect(told.join()).not.toMatch(/hash|salt|\b(1111|2222|3333)\b/);
  }, 60_000);

  it.each([
    [['add', 'Ada'], '', /standard input is empty/],
    [['add', 'Ada'], '12', /4 to 12 digits/],
    [['add', '=1+1'], '1111', /letters, digits/],
    [['add', 'Ada', '--role', 'king'], '1111', /a role is one of/],
    [['reset', 'Nobody'], '1111', /no operator/],
    [['role', 'Nobody', 'operator'], '', /no operator/],
    [['remove', 'Nobody'], '', /no operator/],
  ])('refuses %j with %j, and changes nothing', async (args, input, why) => {
    expect(await run(['operators', ...args], input)).toMatchObject({ code: 2, message: expect.stringMatching(why) });
    expect((await operators('list', '--json')).json).toEqual([]);
  });
});
