// Gives every app (a folder of apps/ whose package.json has a "loadin" member) its `build` target, and one with a stack.ts `synth`, `diff` and `deploy`, so that no app
// needs a project.json.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createNodesFromFiles } from '@nx/devkit';

/** The targets of one app; an app's `loadin.assets` lie outside its folder and must count as inputs. */
export function appTargets(root, app) {
  const assets = (app.assets ?? []).map(({ from }) => join('{workspaceRoot}', root, from));
  return {
    build: {
      command: `node tools/nx/src/build-app.mjs ${root}`,
      cache: true,
      // esbuild drops decorator metadata, so bundles are made of what tsc wrote into the libs' dist folders.
      dependsOn: ['^build'],
      inputs: ['production', '^production', '{workspaceRoot}/tools/nx/src/build/**/*', '{workspaceRoot}/tools/nx/src/build-app.mjs', ...assets],
      outputs: ['{projectRoot}/dist'],
      metadata: { description: app.kind === 'lambda' ? 'Bundle the handler and zip it' : 'Bundle the command' },
    },
    // Specs of an app run what is deployed, its bundle. The rest of the target comes from @nx/jest/plugin.
    test: { dependsOn: ['build'] },
  };
}

/** The targets of an app that has stacks of its own. What the command needs is built first; whether the app is tested first, the command decides. */
export function stackTargets(root) {
  const target = (verb, description) => ({
    command: `node tools/nx/src/deploy-app.mjs ${verb} ${root}`,
    dependsOn: ['build', { projects: ['@loadin/setup-scripts'], target: 'build' }],
    cache: false,
    // Not for a cache: a change of an environment, or of the jobs that it names, affects everything that has stacks.
    inputs: ['production', '^production', '{workspaceRoot}/loadin.*.yaml'],
    metadata: { description },
  });
  return {
    synth: target('synth', "Make the templates of the app's stacks"),
    diff: target('diff', 'Show what a deployment would change'),
    deploy: target('deploy', 'Test, show what changes, deploy'),
  };
}

function nodesOf(file, _options, context) {
  const root = dirname(file);
  const { loadin } = JSON.parse(readFileSync(join(context.workspaceRoot, file), 'utf8'));
  if (loadin === undefined) return {};
  const stacks = existsSync(join(context.workspaceRoot, root, 'stack.ts')) ? stackTargets(root) : {};
  return { projects: { [root]: { targets: { ...appTargets(root, loadin), ...stacks } } } };
}

export const createNodesV2 = ['apps/*/package.json', (files, options, context) => createNodesFromFiles(nodesOf, files, options, context)];
