import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { STATEFUL } from '../dist/upgrade/stateful.js';
import { ENVIRONMENTS } from '../synthesize.mjs';

/**
 * What cfn-lint has against a template without reason. https://states-language.net/#state-type-table: a Succeed state may have an OutputPath; the schema of cfn-lint 1.58.0 has
 * the one of JSONata alone.
 */
const MISTAKEN = [
  {
    id: 'E3601',
    message:
      /^Additional properties are not allowed \('OutputPath' was unexpected\) at 'States\/(Complete|Complete before|Handed over)\/OutputPath'$/,
  },
];

/** W3005: the CDK says twice what has to be there before a role is used; it does no harm. */
const IGNORED = ['W3005'];

export async function lintTemplates({ folder, folders, templates, python }) {
  const notes = [];
  for (const environment of ENVIRONMENTS) {
    const stacks = Object.keys(templates[environment]);
    const files = stacks.map((stack) => join(folders[environment], `${stack}.template.json`));
    const found = await findingsOf(join(python, 'cfn-lint'), files);
    const justified = found.filter(({ Rule, Message }) => !MISTAKEN.some(({ id, message }) => Rule.Id === id && message.test(Message)));
    if (justified.length > 0) throw new Error(justified.map(({ Filename, Rule, Message }) => `${Filename}: ${Rule.Id} ${Message}`).join('\n'));
    notes.push(`${environment}: ${stacks.join(', ')}${found.length > 0 ? ` (${found.length} mistaken findings)` : ''}`);
  }
  // It has to be able to find something: a bucket that CloudFormation does not know.
  const broken = join(folder, 'broken.template.json');
  writeFileSync(broken, JSON.stringify({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Name: 'raw' } } } }));
  if ((await findingsOf(join(python, 'cfn-lint'), [broken])).length === 0) throw new Error('cfn-lint finds nothing in a template that is broken');
  return notes;
}

/** Its exit status is a sum of severities; what it found is what it prints. */
async function findingsOf(cfnLint, files) {
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(cfnLint, ['--format', 'json', '--ignore-checks', ...IGNORED, '--', ...files], options).catch(
    (error) => error,
  );
  return JSON.parse(stdout);
}

/** Which properties of a resource with data can't be changed is written down; here against the schemas that AWS publishes. */
export async function checkStatefulKinds({ python }) {
  const types = STATEFUL.map(({ type }) => type);
  const { stdout } = await promisify(execFile)(join(python, 'python'), [join(import.meta.dirname, 'read-only.py'), ...types]);
  const schemas = JSON.parse(stdout);
  const different = STATEFUL.flatMap(({ type, fixed }) => {
    const { always, sometimes } = schemas[type];
    const missing = always.filter((name) => !fixed.includes(name));
    const more = fixed.filter((name) => !always.includes(name) && !sometimes.includes(name));
    return missing.length + more.length === 0 ? [] : [`${type}: ${JSON.stringify({ missing, more, always, sometimes })}`];
  });
  if (different.length > 0) throw new Error(different.join('\n'));
}
