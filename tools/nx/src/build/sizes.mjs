// What of a bundle is loaded when, in bytes.

/**
 * @typedef {object} Sizes
 * @property {number} start what the entry imports at once
 * @property {number} bytes with all that may be imported later, but for what is apart
 * @property {Record<string, number>} apart what is only reached through the modules of each part that is apart
 */

/**
 * @param {import('esbuild').Metafile} metafile
 * @param {string} entry path of the entry's output
 * @param {Record<string, { modules: readonly string[] }>} apart by name; a module is matched by the end of its folder or path: `jobs/dist/lib/bronze/`
 * @returns {Sizes}
 */
export function sizesOf(metafile, entry, apart = {}) {
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
  return { start: sum(reach([entry], isStatic)), bytes: sum(common), apart: Object.fromEntries(parts) };
}

/** The entry's output and everything that it may import, as paths. @returns {string[]} */
export const codeOf = ({ outputs }) => Object.keys(outputs).filter((file) => file.endsWith('.mjs'));
