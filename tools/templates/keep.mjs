// node tools/templates/keep.mjs: keeps today's templates as what the next version is an upgrade of. To be run when a version is released, after a build.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeAll } from './synthesize.mjs';

for (const [environment, templates] of Object.entries(await synthesizeAll())) {
  const file = join(import.meta.dirname, 'previous', `${environment}.json`);
  // A stack on a line: what has changed is seen where it has.
  const lines = Object.entries(templates).map(([stack, template]) => `${JSON.stringify(stack)}:${JSON.stringify(template)}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
  console.log(`${file}: ${lines.length} stacks`);
}
