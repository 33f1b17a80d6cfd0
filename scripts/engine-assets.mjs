import { copyFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The files the face engines read at run time, by package. Node and the browser read the same copies. */
const ASSETS = {
  '@tensorflow/tfjs-backend-wasm': ['dist/tfjs-backend-wasm-simd.wasm', 'dist/tfjs-backend-wasm.wasm'],
  '@vladmandic/human': ['blazeface', 'facemesh', 'iris'].flatMap((name) => [
    `models/${name}.json`,
    `models/${name}.bin`,
  ]),
  'face-api.js': ['tiny_face_detector', 'ssd_mobilenetv1', 'face_landmark_68', 'face_recognition'].flatMap((name) => [
    `model/${name}_model-weights_manifest.json`,
    `model/${name}_model.bin`,
  ]),
};

/** The folder of an installed package: its main entry may be closed by `exports`, so the folders are walked. */
function packageFolder(root, name) {
  const require = createRequire(join(root, 'package.json'));
  for (const folder of require.resolve.paths(name) ?? []) {
    const candidate = join(folder, name);
    if (sizeOf(join(candidate, 'package.json')) > 0) return candidate;
  }
  throw new Error(`${name} is not installed: run npm ci`);
}

function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? -1;
}

/**
 * Copies the engines' models and WebAssembly files to `<root>/out/engine`, each only when it is missing or differs in size.
 * A copy is renamed into place, so that a reader beside us never sees half a file.
 *
 * @param {string} root folder of the project's package.json
 * @returns {{ folder: string, copied: string[] }} the folder and the names that were copied this time
 */
export function copyEngineAssets(root) {
  const folder = join(root, 'out', 'engine');
  mkdirSync(folder, { recursive: true });
  const copied = [];
  for (const [name, files] of Object.entries(ASSETS)) {
    const from = packageFolder(root, name);
    for (const file of files) {
      const source = join(from, file);
      const target = join(folder, file.slice(file.lastIndexOf('/') + 1));
      if (sizeOf(source) < 0) throw new Error(`${name} lacks ${file}: run npm ci`);
      if (sizeOf(target) === sizeOf(source)) continue;
      const partial = `${target}.${process.pid}.partial`;
      copyFileSync(source, partial);
      renameSync(partial, target);
      copied.push(file);
    }
  }
  return { folder, copied };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { folder, copied } = copyEngineAssets(resolve(dirname(process.argv[1]), '..'));
  process.stderr.write(`engine files in ${folder}: ${copied.length} copied\n`);
}
