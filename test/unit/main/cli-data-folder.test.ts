import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT, explain } from '#main/cli/output';
import { createProgram } from '#main/cli/program';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vestibule-cli-data-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function run(...args: string[]) {
  const notes: string[] = [];
  const exits: number[] = [];
  const program = createProgram({
    out: { json: () => undefined, line: () => undefined, note: (text) => notes.push(text) },
    env: {},
    signal: new AbortController().signal,
    stdin: Readable.from([]) as unknown as NodeJS.ReadStream,
    exit: (code) => exits.push(code),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return { notes, exits, code: Math.max(0, ...exits), message: '' };
  } catch (error) {
    return { notes, exits, ...explain(error) };
  }
}

describe('a data folder that nobody has used', () => {
  it.each([[['audit', 'verify']], [['audit', 'export', '--csv', '-']], [['export', 'TP1']], [['diagnostics']]])(
    'is not made by %j, and not answered as though it held nothing',
    async (args) => {
      const missing = join(dir, 'mistyped');
      const { code, message } = await run(...args, '--data', missing);
      expect(code).toBe(EXIT.usage);
      expect(message).toContain(`no station has kept anything in ${missing}`);
      expect(existsSync(missing)).toBe(false);
    },
  );

  it.each(['list', 'run'])('has an empty outbox for %s, which says that it was never used', async (command) => {
    const missing = join(dir, 'mistyped');
    const { code, notes } = await run('outbox', command, '--data', missing);
    expect(code).toBe(0);
    expect(notes.join()).toContain('no station has kept anything');
    expect(existsSync(missing)).toBe(false);
  });

  it.each([
    ['a file', ''],
    ['below a file', 'inner'],
  ])('is wrong usage where it is %s, in words', async (_, inner) => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    const { code, message } = await run('operators', 'list', '--data', join(file, inner));
    expect(code).toBe(EXIT.usage);
    expect(message).toMatch(/^the data folder .* cannot be used: it is a file/);
  });
});
