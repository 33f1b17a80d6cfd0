/**
 * Imports go down only (docs/architecture.md): main → station → platforms, vision, shared; renderer → shared, and vision's
 * browser half; the lab stands alone. `scripts/architecture.mjs` runs these and fails when nothing was looked at.
 */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: allowed },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('shared-knows-nobody', '^src/shared/', '^src/shared/', 'The shared words import no room.'),
    only(
      'vision-knows-shared',
      '^src/vision/',
      '^src/(vision|shared)/',
      'Vision turns pictures into measures, for whoever asks.',
    ),
    only(
      'platforms-know-shared',
      '^src/platforms/',
      '^src/(platforms|shared)/',
      'Connectors know neither station nor lab.',
    ),
    only('lab-stands-alone', '^src/lab/', '^src/lab/', 'An error in a connector must not be mirrored in its judge.'),
    only(
      'station-has-no-shell',
      '^src/station/',
      '^src/(station|platforms|vision|shared)/',
      'The station knows no shell and no lab.',
    ),
    only(
      'preload-is-names',
      '^src/preload/',
      '^src/(preload/|shared/(channels|contract)\\.ts)',
      'The preload exposes the contract.',
    ),
    only(
      'renderer-talks-contract',
      '^src/renderer/',
      '^src/(renderer/|shared/|vision/(browser/|contract\\.ts))',
      'The renderer talks to the contract alone.',
    ),
    {
      name: 'rooms-of-platforms-apart',
      comment: "A platform's room shares the contract and core with the others, nothing else.",
      severity: 'error',
      from: { path: '^src/platforms/(hcp|device|senselink|megvii|hikconnect)/' },
      to: { path: '^src/platforms/(hcp|device|senselink|megvii|hikconnect)/', pathNot: '^src/platforms/$1/' },
    },
    {
      name: 'rooms-of-the-lab-apart',
      comment: 'Each simulated platform is judged by its own document.',
      severity: 'error',
      from: { path: '^src/lab/(hcp|device|senselink|megvii|hikconnect)/' },
      to: { path: '^src/lab/(hcp|device|senselink|megvii|hikconnect)/', pathNot: '^src/lab/$1/' },
    },
    {
      name: 'electron-in-its-shell',
      comment: 'Electron is imported by its shell and the preload, nowhere else.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main/index\\.ts|main/electron/|preload/)' },
      to: { path: '(^electron$|node_modules/electron/)' },
    },
    {
      name: 'no-node-in-the-browser',
      comment: 'Shared words, the renderer and vision outside its Node half run in a browser.',
      severity: 'error',
      from: { path: '^src/(shared|renderer|vision/browser|vision/measures)/' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    { name: 'no-missing', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|node_modules)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
