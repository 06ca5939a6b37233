// Makes src/lib/wasm/rows-module.ts of src/lib/wasm/rows.wat: run it after each change of that.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';

const folder = join(import.meta.dirname, 'src/lib/wasm');
const tools = await wabt();
const parsed = tools.parseWat('rows.wat', readFileSync(join(folder, 'rows.wat'), 'utf8'), { simd: true });
parsed.validate();
const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
const lines = base64.match(/.{1,140}/g) ?? [];
writeFileSync(
  join(folder, 'rows-module.ts'),
  `// Made of rows.wat by assemble.mjs.\n/** The module in base64: so it is there in a program that is bundled too. */\nexport const ROWS_MODULE = [\n${lines.map((line) => `  '${line}',\n`).join('')}].join('');\n`,
);
