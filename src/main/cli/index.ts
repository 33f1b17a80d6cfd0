import { becomeLean } from './lean.ts';
import { EXIT, explain, processOutput } from './output.ts';
import { createProgram } from './program.ts';
import { interruptSignal } from './signals.ts';

becomeLean();
const out = processOutput(process.stdout, process.stderr);
const signal = interruptSignal(process);
const argv = process.argv.slice(2);

try {
  await createProgram({
    out,
    env: process.env,
    signal,
    stdin: process.stdin,
    exit: (code) => {
      process.exitCode = code;
    },
  }).parseAsync(argv, { from: 'user' });
  if (signal.aborted) process.exitCode = EXIT.interrupted;
} catch (error) {
  const { message, code } = explain(error);
  process.exitCode = signal.aborted ? EXIT.interrupted : code;
  if (message) out.note(`vestibule: ${message}`);
}
