// node affected.fixture.mjs <file> …: for each file, as `nx show projects --affected --files=<file> --withTarget=deploy` answers; the graph is read once for all.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createProjectGraphAsync } from '@nx/devkit';

// Nx exports neither; what it runs for the command is the same.
const require = createRequire(import.meta.url);
const inside = join(import.meta.dirname, '../../../../node_modules/nx/dist/src/project-graph');
const { filterAffected } = require(join(inside, 'affected/affected-project-graph.js'));
const { calculateFileChanges } = require(join(inside, 'file-utils.js'));

const graph = await createProjectGraphAsync();
const answer = {};
for (const file of process.argv.slice(2)) {
  const { nodes } = await filterAffected(graph, calculateFileChanges([file], { files: [file] }));
  answer[file] = Object.values(nodes).flatMap(({ name, data }) => ('deploy' in (data.targets ?? {}) ? [name] : []));
}
console.log(JSON.stringify(answer));
