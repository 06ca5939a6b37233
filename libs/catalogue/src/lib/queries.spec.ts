import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BRONZE_COUNTS, RECENT_RUNS } from './queries.js';

it.each([RECENT_RUNS, BRONZE_COUNTS])('$name is in the documentation as it is', ({ name, sql }) => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/athena.md'), 'utf8');
  expect(page).toContain(`-- ${name}\n${sql}\n`);
});
