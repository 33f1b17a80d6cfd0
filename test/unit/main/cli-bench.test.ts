import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { EXIT, explain } from '#main/cli/output';
import { createProgram } from '#main/cli/program';

/** How `vestibule bench …` ends that never gets as far as a picture. */
async function refused(...args: string[]) {
  const program = createProgram({
    out: { json: () => undefined, line: () => undefined, note: () => undefined },
    env: {},
    signal: AbortSignal.abort(),
    stdin: process.stdin,
    exit: () => undefined,
  });
  const error: unknown = await program.parseAsync(['bench', ...args], { from: 'user' }).catch((reason) => reason);
  return explain(error);
}

describe('vestibule bench', () => {
  it('wants one folder of labelled pictures', async () => {
    expect(await refused('quality')).toEqual({
      code: EXIT.usage,
      message: 'name the folder of the labelled pictures: --faces DIR',
    });
    expect((await refused('quality', 'a', '--faces', 'b')).message).toContain('one folder is judged at a time: a or b');
    const folder = tmpdir();
    expect((await refused('quality', '--faces', folder)).message).toContain(`no labels.csv in ${folder}`);
    expect((await refused('quality', folder)).message).toContain(`no labels.csv in ${folder}`);
  });

  it('gives a benchmark its own options, though bench has some of the same name', async () => {
    expect(await refused('memory', '--pictures', 'many')).toMatchObject({
      code: EXIT.usage,
      message: expect.stringContaining('--pictures takes a whole number'),
    });
    expect((await refused('import', '--rows', '5')).message).toContain('--rows takes a whole number');
    expect((await refused('quality', '--threads', '0')).message).toContain('--threads takes a whole number');
    expect((await refused('quality', '--preset', 'easy')).message).toContain('Allowed choices are standard');
  });
});
