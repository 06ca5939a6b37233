import { parseEnvironments, STACK_NAMES, STACKS, type EnvironmentSettings } from '@loadin/infrastructure';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBuilt, chooseStacks, stacksOf } from './choose-stacks.js';

function environment(settings = ''): EnvironmentSettings {
  const found = parseEnvironments(`{ version: 1, environments: { dev: { account: '123456789012', region: eu-west-1 ${settings} } } }`, 'file').get(
    'dev',
  );
  if (found === undefined) throw new Error('no environment');
  return found;
}

describe('the stacks of an environment', () => {
  it('are those that it needs, each after what it names', () => {
    expect(stacksOf(environment())).toEqual(['storage', 'streaming', 'ingestion', 'consumer', 'catalogue', 'observability']);
    expect(stacksOf(environment(', network: { cidr: 10.0.0.0/20 }, tasks: [daily]'))).toEqual(STACK_NAMES);
    for (const [index, name] of STACK_NAMES.entries())
      for (const before of STACKS[name].after) expect(STACK_NAMES.indexOf(before)).toBeLessThan(index);
  });

  it('are chosen by their names, or by that of the app that they lie in', () => {
    expect(chooseStacks([], environment())).toEqual(stacksOf(environment()));
    expect(chooseStacks(['ingestion', 'storage'], environment())).toEqual(['storage', 'ingestion']);
    expect(chooseStacks(['ingestion-lambda'], environment())).toEqual(['ingestion']);
    expect(chooseStacks(['setup-scripts'], environment(', catalogue: false'))).toEqual(['storage', 'streaming', 'observability']);
  });

  it('of an app that this environment has none of are none', () => {
    expect(chooseStacks(['scheduler-cli'], environment())).toEqual([]);
  });

  it('that there are not are refused, with what is near', () => {
    expect(() => chooseStacks(['storag'], environment())).toThrow('There is no stack storag; did you mean storage?');
    expect(() => chooseStacks(['fargate'], environment())).toThrow(expect.objectContaining({ hint: 'It needs tasks: [job].' }));
  });
});

describe('what has to be built', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'choose-stacks-'));
  afterAll(() => rmSync(workspace, { recursive: true }));

  it('is what the chosen stacks deploy, and nothing of others', () => {
    expect(() => checkBuilt(['storage'], workspace)).not.toThrow();
    expect(() => checkBuilt(['storage', 'ingestion', 'consumer'], workspace)).toThrow(
      expect.objectContaining({
        message: 'ingestion, consumer need what is not built yet',
        hint: 'Build it: npx nx run-many -t build -p ingestion-lambda,kinesis-consumer',
      }),
    );
    mkdirSync(join(workspace, 'apps/ingestion-lambda/dist'), { recursive: true });
    writeFileSync(join(workspace, 'apps/ingestion-lambda/dist/function.zip'), '');
    expect(() => checkBuilt(['ingestion'], workspace)).not.toThrow();
  });
});
