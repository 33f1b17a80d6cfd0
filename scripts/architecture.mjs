// Runs the import rules, and fails when they looked at nothing: a checker that sees no module finds no violation.
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const rules = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const { output } = await cruise(
  ['src'],
  { ruleSet: { forbidden: rules.forbidden }, validate: true, ...rules.options, tsConfig: undefined },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.base.json') },
);
const sources = (await readdir('src', { recursive: true })).filter(
  (file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'),
);
const seen = new Set(output.modules.map((module) => module.source));
const unseen = sources.filter((file) => !seen.has(`src/${file}`));
const edges = output.modules
  .filter((module) => module.source.startsWith('src/'))
  .reduce((sum, module) => sum + module.dependencies.filter((to) => to.resolved.startsWith('src/')).length, 0);

for (const { from, to, rule } of output.summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
if (unseen.length > 0) console.error(`not looked at: ${unseen.join(', ')}`);
if (edges < Math.max(1, sources.length / 2))
  console.error(`only ${edges} imports seen in ${sources.length} files: the checker is not resolving them`);
const failed = output.summary.violations.length > 0 || unseen.length > 0 || edges < Math.max(1, sources.length / 2);
console.log(`architecture: ${sources.length} files, ${edges} imports, ${output.summary.violations.length} violations`);
process.exitCode = failed ? 1 : 0;
