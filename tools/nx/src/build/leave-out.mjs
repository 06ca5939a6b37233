// Parts of npm packages that no app can reach are replaced by stand-ins, which throw when they are used after all.

/**
 * What is left out and why that is safe:
 * - `form-data` (160 kB with its MIME tables): axios uses it to send multipart forms only; every request of Loadin sends JSON, a URL-encoded body or nothing.
 */
const standIns = [
  {
    filter: /^form-data$/,
    code: `export default class FormData { constructor() { throw new Error('Multipart forms are left out of this bundle (tools/nx/src/build/leave-out.mjs)'); } }`,
  },
];

/** @returns {import('esbuild').Plugin} */
export function leaveOut() {
  return {
    name: 'leave-out',
    setup(esbuild) {
      standIns.forEach(({ filter, code }, index) => {
        const namespace = `left-out-${index}`;
        esbuild.onResolve({ filter }, ({ path }) => ({ path, namespace }));
        esbuild.onLoad({ filter: /.*/, namespace }, () => ({ contents: code, loader: 'js' }));
      });
    },
  };
}
