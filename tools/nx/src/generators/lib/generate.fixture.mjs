// node generate.fixture.mjs WORKSPACE OPTIONS-AS-JSON: runs the generator on that folder for each of these options, and prints what it said: ["made", "libs/x exists already …"].
// A process of its own, because Nx's ES modules are beyond Jest's sandbox.
import { FsTree, flushChanges } from 'nx/src/generators/tree.js';
import { libGenerator } from './generator.mjs';

const [workspace, options] = process.argv.slice(2);
const said = [];
for (const each of JSON.parse(options)) {
  const tree = new FsTree(workspace, false);
  try {
    await libGenerator(tree, each);
    flushChanges(workspace, tree.listChanges());
    said.push('made');
  } catch (error) {
    said.push(error.message);
  }
}
console.log(JSON.stringify(said));
