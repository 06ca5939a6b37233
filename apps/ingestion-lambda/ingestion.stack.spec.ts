import { templates } from '@loadin/infrastructure/cdk';
import { resolve } from 'node:path';
import { stacks } from './stack.js';

it('works', () => {
  const t = templates({
    definitions: stacks,
    environments: "{ version: 1, environments: { dev: { account: '123456789012', region: eu-west-1 } } }",
    file: '/tmp/loadin.environments.yaml',
    name: 'dev',
    workspace: resolve(import.meta.dirname, '../..'),
  });
  console.log(JSON.stringify(t, null, 1).slice(-9000));
});
