// What of a bundle is loaded when, in bytes.

/**
 * @typedef {object} Sizes
 * @property {number} start what the entry imports at once
 * @property {number} bytes with all that may be imported later, but for what is apart
 * @property {Record<string, number>} apart what is only reached through the modules of each part that is apart
 * @property {Record<string, number>} threads each by itself
 */

/**
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry path of the entry's output
 * @param {Pick<import('./manifest.mjs').AppManifest, 'apart' | 'threads'>} manifest a module that is apart is matched by the end of its folder or path: `jobs/dist/lib/bronze/`
 * @returns {Sizes}
 */
export function sizesOf(metafile, entry, { apart = {}, threads = {} }) {
  const { outputs } = metafile;
  const sum = (files) => [...files].reduce((total, file) => total + outputs[file].bytes, 0);
  const partOf = (file) => {
    const source = outputs[file].entryPoint ?? '';
    return Object.keys(apart).find((name) => apart[name].modules.some((part) => source.includes(part)));
  };
  /** All outputs that are reached from these, over imports that `follow` allows. */
  const reach = (from, follow, seen = new Set()) => {
    for (const file of from) {
      if (seen.has(file) || outputs[file] === undefined) continue;
      seen.add(file);
      reach(
        outputs[file].imports.flatMap((one) => (one.external || !follow(one) ? [] : [one.path])),
        follow,
        seen,
      );
    }
    return seen;
  };
  const isStatic = ({ kind }) => kind === 'import-statement';
  const common = reach([entry], (one) => isStatic(one) || partOf(one.path) === undefined);
  const all = reach([entry], () => true);
  const rest = [...all].filter((file) => !common.has(file));
  /** What several parts share is counted with the first that reaches it. */
  const counted = new Set();
  const parts = Object.keys(apart).map((name) => {
    const own = [
      ...reach(
        rest.filter((file) => partOf(file) === name),
        () => true,
      ),
    ].filter((file) => !common.has(file) && !counted.has(file));
    own.forEach((file) => counted.add(file));
    return [name, sum(own)];
  });
  const folder = entry.slice(0, entry.lastIndexOf('/'));
  const ofThreads = Object.keys(threads).map((name) => [name, sum([`${folder}/${name}.mjs`])]);
  return { start: sum(reach([entry], isStatic)), bytes: sum(common), apart: Object.fromEntries(parts), threads: Object.fromEntries(ofThreads) };
}

/** One account of two bundles. @param {import('esbuild').Metafile} code @param {import('esbuild').Metafile} threads @returns {import('esbuild').Metafile} */
export const withThreads = (code, threads) => ({
  inputs: { ...code.inputs, ...threads.inputs },
  outputs: { ...code.outputs, ...threads.outputs },
});

/** The entry's output and everything that it may import, as paths. @returns {string[]} */
export const codeOf = ({ outputs }) => Object.keys(outputs).filter((file) => file.endsWith('.mjs'));
