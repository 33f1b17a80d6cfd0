import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { EXIT, explain } from '#main/cli/output';
import { createProgram } from '#main/cli/program';

it('a platform that there is none of is told by the option it was given with, before any picture is opened', async () => {
  const lines: unknown[] = [];
  const program = createProgram({
    out: { json: (value) => lines.push(value), line: (text) => lines.push(text), note: () => undefined },
    env: {},
    signal: new AbortController().signal,
    stdin: Readable.from([]) as unknown as NodeJS.ReadStream,
    exit: () => undefined,
  });
  const error = await program
    .parseAsync(['check', 'nothing-here.jpg', '--platform', 'nope'], { from: 'user' })
    .then(() => null, explain);
  expect(error).toMatchObject({
    code: EXIT.usage,
    message: expect.stringContaining('--platform: there is no platform "nope"'),
  });
  expect(error?.message).not.toContain('to:');
  expect(lines).toEqual([]);
});
