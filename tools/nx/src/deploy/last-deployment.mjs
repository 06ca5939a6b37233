// node tools/nx/src/deploy/last-deployment.mjs <environment>: a step of the workflow that deploys. Writes `base=<commit>` for `nx affected --base`.
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/** Git's name of a tree without files, in every repository: everything has changed since. */
export const NOTHING = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** How far back a success is looked for; with none among so many, everything is deployed. */
const DEPLOYMENTS = 100;

/**
 * @param {{ api: string, repository: string, environment: string, token: string }} options `api` as `GITHUB_API_URL` has it
 * @returns {Promise<string | undefined>} the commit that was deployed last with success. A success that was followed by another is `inactive` later,
 *   so that all statuses of a deployment count and not only its latest. https://docs.github.com/en/rest/deployments/statuses
 * @throws {Error} when GitHub does not answer as it should
 */
export async function lastDeployed({ api, repository, environment, token }) {
  const get = async (path) => {
    const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28', authorization: `Bearer ${token}` };
    const response = await fetch(`${api}/repos/${repository}/${path}`, { headers });
    if (!response.ok) throw new Error(`GitHub answered ${response.status} to ${path}; the job needs the permission deployments: read`);
    return response.json();
  };
  // Newest first.
  const deployments = await get(`deployments?environment=${encodeURIComponent(environment)}&per_page=${DEPLOYMENTS}`);
  for (const { id, sha } of deployments) {
    const statuses = await get(`deployments/${id}/statuses?per_page=100`);
    if (statuses.some(({ state }) => state === 'success')) return sha;
  }
  return undefined;
}

/**
 * What `nx affected` compares with. It takes the commit where two histories part: going back to an older commit, nothing would have changed.
 * Then, and when there is nothing to compare with, it is everything.
 * @param {{ last: string | undefined, everything: boolean, isAncestor: (commit: string) => boolean }} options
 * @returns {{ base: string, why: string }}
 */
export function baseOf({ last, everything, isAncestor }) {
  if (everything) return { base: NOTHING, why: 'everything is deployed, as was asked for' };
  if (last === undefined) return { base: NOTHING, why: 'everything is deployed: no deployment before this one has succeeded' };
  if (!isAncestor(last)) return { base: NOTHING, why: `everything is deployed: ${last}, which was deployed last, is no ancestor of this commit` };
  return { base: last, why: `deployed is what has changed since ${last}` };
}

async function main([environment]) {
  const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token, GITHUB_OUTPUT: output, EVERYTHING } = process.env;
  if (!environment || !api || !repository || !token || !output) {
    console.error(
      'Usage: last-deployment.mjs <environment>, with GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN and GITHUB_OUTPUT, as in a workflow',
    );
    return 2;
  }
  const last = await lastDeployed({ api, repository, environment, token });
  const isAncestor = (commit) => spawnSync('git', ['merge-base', '--is-ancestor', commit, 'HEAD'], { stdio: 'ignore' }).status === 0;
  const { base, why } = baseOf({ last, everything: EVERYTHING === 'true', isAncestor });
  console.log(`${environment}: ${why}`);
  appendFileSync(output, `base=${base}\n`);
  return 0;
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await main(process.argv.slice(2)).catch((error) => {
    console.error(`Error: ${error.message}`);
    return 1;
  });
}
