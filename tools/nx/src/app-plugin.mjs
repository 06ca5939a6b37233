// Gives every app (a folder of apps/ whose package.json has a "loadin" member) its `build` target, so that no app needs a project.json.
import { readFileSync } from 'node:fs';
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

function nodesOf(file, _options, context) {
  const root = dirname(file);
  const { loadin } = JSON.parse(readFileSync(join(context.workspaceRoot, file), 'utf8'));
  return loadin === undefined ? {} : { projects: { [root]: { targets: appTargets(root, loadin) } } };
}

export const createNodesV2 = ['apps/*/package.json', (files, options, context) => createNodesFromFiles(nodesOf, files, options, context)];
