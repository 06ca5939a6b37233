import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { EnvironmentsFileError } from './environments-file-error.js';
import { environmentsSchema } from './fields.js';
import { parseEnvironments } from './parse-environments.js';

const file = 'loadin.environments.yaml';
const least = "version: 1\nenvironments:\n  dev:\n    account: '123456789012'\n    region: eu-west-1\n";
const problemsOf = (text: string): string[] => {
  try {
    parseEnvironments(text, file);
  } catch (error) {
    if (error instanceof EnvironmentsFileError) return error.message.split('\n  ');
    throw error;
  }
  return [];
};

describe('an environment', () => {
  it('needs an account and a region, and has a default for all else', () => {
    expect(parseEnvironments(least, file).get('dev')).toMatchObject({
      name: 'dev',
      production: false,
      suffix: '',
      retention: { logDays: 30, landingDays: 90, noncurrentDays: 30, streamHours: 24 },
      sizes: { ingestionMemoryMb: 512, bronzeMemoryMb: 2048, streamShards: 1 },
      schedules: { enabled: true, flexibleMinutes: 5, start: 'state_machine' },
      tasks: [],
      network: undefined,
      tracing: false,
      catalogue: true,
    });
  });

  it('is one of production when it is called prod, or says so', () => {
    const text = (name: string, rest = ''): string =>
      `{ version: 1, environments: { ${name}: { account: '123456789012', region: eu-west-1 ${rest} } } }`;
    expect(parseEnvironments(text('prod'), file).get('prod')?.production).toBe(true);
    expect(parseEnvironments(text('live', ', production: true'), file).get('live')?.production).toBe(true);
    expect(problemsOf(text('prod', ', production: false'))).toEqual([
      expect.stringContaining('environments.prod.production must not be false for prod'),
    ]);
  });

  it('that is wrong is told of line by line, with what would be right', () => {
    const text = [
      'version: 1',
      'environments:',
      '  dev:',
      '    account: 123456789012',
      '    regoin: eu-west-1',
      '    retention: { log_days: 31 }',
      '    network: { nat: true }',
      '  Staging: nothing',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      `${file}:3:3 environments.dev lacks region`,
      `${file}:4:5 environments.dev.account must be an account of twelve digits in quotes, is 123456789012 (a text is written in quotes)`,
      `${file}:5:5 environments.dev.regoin is not known here: did you mean region?`,
      // A number where a number belongs is not told of quotes.
      expect.stringMatching(/:6:18 environments\.dev\.retention\.log_days must be one of 1, 3, .*, is 31$/),
      `${file}:8:3 environments.Staging must be named by up to 12 small letters and digits, a letter first`,
      expect.stringMatching(/:8:3 environments\.Staging must be a mapping of account, region/),
    ]);
    expect(problemsOf('version: [1')).toEqual([expect.stringMatching(/^loadin\.environments\.yaml:1:\d+ Flow sequence/)]);
    expect(problemsOf('[]')).toEqual([`${file}:1:1 must be a mapping of version, environments`]);
  });

  it('has a network where it has tasks, which run in a VPC', () => {
    expect(problemsOf(`${least}    tasks: [daily]\n`)).toEqual([
      `${file}:6:5 environments.dev.tasks needs network beside it, for containers run in a VPC: network: { cidr: … }, or one that is there`,
    ]);
    expect(problemsOf(`${least}    tasks: [daily]\n    network: { cidr: 10.0.0.0/20 }\n`)).toEqual([]);
  });

  it('has a network that is made or one that is there, and not half of each', () => {
    const network = (value: string): string[] => problemsOf(`${least}    network: ${value}\n`);
    expect(network('{ cidr: 10.0.0.0/20, nat: true }')).toEqual([]);
    expect(network('{ vpc_id: vpc-12345678, subnet_ids: [subnet-12345678], security_group_ids: [sg-12345678] }')).toEqual([]);
    for (const wrong of ['10.0.0.0/28', '10.0.0.256/20', '10.0.0/20', '10.0.0.0'])
      expect(network(`{ cidr: ${wrong} }`)).toEqual([
        expect.stringContaining(`must be an address and a size from /16 to /24, such as 10.40.0.0/20, is "${wrong}"`),
      ]);
    for (const half of ['{ vpc_id: vpc-12345678 }', '{ cidr: 10.0.0.0/20, vpc_id: vpc-12345678 }', '{ nat: true }'])
      expect(network(half)).toEqual([expect.stringContaining('environments.dev.network must have either cidr')]);
  });
});

describe('two environments in one account and region', () => {
  const two = (dev: string): string => `${least}    ${dev}\n  prod: { account: '123456789012', region: eu-west-1 }\n`;

  it('must not own the same thing', () => {
    expect(problemsOf(two('tracing: true'))).toEqual([
      `${file}:7:3 environments.prod is in the same account and region as dev and would own concert-data-raw-123456789012-eu-west-1 too: give it a suffix, such as -prod`,
    ]);
    expect(problemsOf(two('suffix: -dev'))).toEqual([
      expect.stringContaining('Glue databases bronze, raw and logs together with dev: say catalogue: false'),
    ]);
    expect(problemsOf(two('suffix: -dev\n    catalogue: false'))).toEqual([]);
  });

  it('may have the same names elsewhere', () => {
    expect(problemsOf(`${least}  prod: { account: '123456789012', region: eu-central-1 }\n`)).toEqual([]);
  });
});

it('takes the file that the guide begins with', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../../../docs/deploy.md'), 'utf8');
  const text = /```yaml\n([^]*?)```/.exec(guide)?.[1] ?? '';
  expect([...parseEnvironments(text.replaceAll(/^ {3}/gm, ''), file).keys()]).toEqual(['dev', 'prod']);
});

describe('the JSON schema for editors', () => {
  it('is what the rules say', () => {
    const kept: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../../../loadin.environments.schema.json'), 'utf8'));
    expect(kept).toEqual(environmentsSchema());
  });

  it('takes what is right and refuses what is wrong, as parsing does', () => {
    const accepts = new Ajv().compile(environmentsSchema());
    const texts = [least, `${least}    sizes: { task_cpu: 3 }\n`, `${least}    tasks: []\n`, `${least}    what: 1\n`, `${least}    suffix: -dev\n`];
    for (const text of texts) expect({ text, right: accepts(parse(text)) }).toEqual({ text, right: problemsOf(text).length === 0 });
  });
});
