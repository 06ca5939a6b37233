import { parseEnvironments } from '@loadin/infrastructure';
import { buildApp, stackInput } from '@loadin/infrastructure/cdk';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stacks } from './stack.js';

const folder = mkdtempSync(join(tmpdir(), 'ingestion-stack-'));
afterAll(() => rmSync(folder, { recursive: true }));

function template(settings: string, name = 'dev'): Template {
  const text = `{ version: 1, environments: { ${name}: { account: '123456789012', region: eu-west-1, ${settings} } } }`;
  const environment = parseEnvironments(text, 'loadin.environments.yaml').get(name);
  if (environment === undefined) throw new Error(name);
  const input = stackInput({ environment, workspace: resolve(import.meta.dirname, '../..'), folder });
  const {
    stacks: [stack],
  } = buildApp(stacks, input, mkdtempSync(join(folder, 'out-')));
  if (stack === undefined) throw new Error('no stack');
  return Template.fromStack(stack);
}

it('works', () => {
  const t = template('');
  console.log(JSON.stringify(t.toJSON(), null, 1));
  t.resourceCountIs('AWS::Scheduler::Schedule', 4);
  void Match;
  void writeFileSync;
});
