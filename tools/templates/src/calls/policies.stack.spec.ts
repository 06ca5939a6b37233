import { LIVE_ALIAS, parseEnvironments, trustFindings, type EnvironmentSettings, type SynthesizedTemplate } from '@loadin/infrastructure';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesized } from '../synthesized.fixture.js';
import type { Templates } from '../upgrade/compare-templates.js';
import { callers, callsPastAlias } from '../wiring/calls-past-alias.js';
import { DONE_BY_AWS } from './done-by-aws.js';
import { idleGrants, isAllowed } from './judge.js';
import { permissionsOf } from './permissions.js';
import { placeOf, rolesOf, type DeployedRole } from './roles.js';
import { CALLERS, type Call, type Caller, type Permission, type Place } from './types.js';
import { WIRED_SERVICES, wiredCalls, type WiredCalls } from './wired-calls.js';

jest.setTimeout(300_000);

const folder = join(__dirname, '../..');
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
/** What the built apps have called in all of their specifications; a whole run of those compares, and check-calls.mjs keeps. */
const CALLS = JSON.parse(textOf('calls.json')) as readonly Call[];
const environments = parseEnvironments(textOf('environments.yaml'), 'environments.yaml');

/** Calls of jobs that an environment does not have: entities in one without a bronze job, and the file of jobs that are built in. */
const RECORDS_ONLY = ['dev'];

/** Who calls functions, by how schedules start jobs. */
const CALLING = {
  dev: ['AWS::Lambda::EventSourceMapping', 'AWS::Lambda::EventInvokeConfig', 'AWS::Scheduler::Schedule', 'AWS::IAM::Policy'],
  prod: ['AWS::Lambda::EventSourceMapping', 'AWS::StepFunctions::StateMachine', 'AWS::IAM::Policy'],
};

/** Who takes roles for what is wired. */
const SERVICES = { dev: ['scheduler.amazonaws.com'], prod: WIRED_SERVICES };

interface Subject {
  readonly settings: EnvironmentSettings;
  readonly roles: readonly DeployedRole[];
  readonly wired: readonly WiredCalls[];
  needed(caller: Caller): Permission[];
}

function subjectOf(name: string, templates: Templates): Subject {
  const settings = environments.get(name);
  if (settings === undefined) throw new Error(`environments.yaml has no ${name}`);
  const place = placeOf(templates, settings);
  return {
    settings,
    roles: rolesOf(templates, settings),
    wired: wiredCalls(templates, settings, listsOf(place)),
    needed: (caller) => unique(callsOf(caller).flatMap((call) => permissionsOf(call, place))),
  };
}

/** Where functions were seen to write the lists of slices that the state machine reads. */
const listsOf = (place: Place): string[] =>
  unique(
    CALLS.filter(({ operation, folder }) => operation === 'PutObject' && folder === '_loadin/waves').flatMap((call) => permissionsOf(call, place)),
  ).map(({ resource }) => resource);
const usedBy = ({ wired, needed }: Subject, { stack, role, caller }: DeployedRole): Permission[] => [
  ...(caller === undefined ? [] : needed(caller)),
  ...unique(wired.filter((one) => one.stack === stack && one.role === role).flatMap(({ permissions }) => permissions)),
];
/** A container runs the same libs as the functions, and any job: what these were seen to call it has to be allowed, too. */
const callsOf = (caller: Caller): readonly Call[] => CALLS.filter((call) => call.caller === caller || caller === 'loadin-run');
const unique = (permissions: readonly Permission[]): Permission[] => [...new Map(permissions.map((one) => [JSON.stringify(one), one])).values()];
const doneByAws = ({ service, stack }: DeployedRole, action: string): boolean =>
  DONE_BY_AWS.some((one) => one.service === service && (one.stack ?? stack) === stack && one.actions.includes(action));

describe.each(['dev', 'prod'] as const)('the roles of %s', (name) => {
  let subject: Subject;
  beforeAll(async () => (subject = subjectOf(name, (await synthesized())[name])));
  const callers = RECORDS_ONLY.includes(name) ? (['ingestion'] as const) : CALLERS;
  const roleOf = (caller: Caller): DeployedRole => {
    const found = subject.roles.find((role) => role.caller === caller);
    if (found === undefined) throw new Error(`${name} has no role for ${caller}`);
    return found;
  };

  it.each(callers)('%s may do all that it was seen to do', async (caller) => {
    const { policy } = roleOf(caller);
    const denied: string[] = [];
    for (const permission of subject.needed(caller)) {
      if (!(await isAllowed(policy, permission, subject.settings.account))) denied.push(`${permission.action} ${permission.resource}`);
    }
    expect(denied).toEqual([]);
  });

  it('let services do all that is wired: schedules start what they name, the state machine calls what its states do, releases move aliases', async () => {
    const ofServices = subject.roles.filter(({ service }) => WIRED_SERVICES.includes(service));
    expect(new Set(ofServices.map(({ service }) => service))).toEqual(new Set(SERVICES[name]));
    const denied: string[] = [];
    for (const role of ofServices) {
      const needed = usedBy(subject, role);
      if (needed.length === 0) denied.push(`${role.stack} ${role.role} is used by nobody`);
      for (const permission of needed)
        if (!(await isAllowed(role.policy, permission, subject.settings.account)))
          denied.push(`${role.role} ${permission.action} ${permission.resource}`);
    }
    expect(denied).toEqual([]);
  });

  it('are allowed nothing that nobody was seen to use: without any one of the actions something would be refused', async () => {
    const idle: string[] = [];
    for (const role of subject.roles) {
      for (const { sid, action } of await idleGrants(role.policy, usedBy(subject, role), subject.settings.account)) {
        if (!doneByAws(role, action)) idle.push(`${role.stack} ${role.role} ${sid} ${action}`);
      }
    }
    expect(idle).toEqual([]);
  });

  it('are taken by services alone, and by those that act for others only for this account', async () => {
    const templates = Object.values((await synthesized())[name]);
    expect(templates.flatMap((template) => trustFindings(template as SynthesizedTemplate, subject.settings.account))).toEqual([]);
  });

  it('have no managed policy of AWS, and no action with a star in it', () => {
    const actions = subject.roles.flatMap(({ policy }) => policy.Statement.flatMap(({ Action }) => Action));
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });
});

describe.each(['dev', 'prod'] as const)('the functions of %s', (name) => {
  it('are called by their alias, by whoever calls them: what is taken back is taken back for all', async () => {
    const templates = (await synthesized())[name];
    expect(callsPastAlias(templates, LIVE_ALIAS)).toEqual([]);
    const kinds = new Set(callers(templates).map(({ type }) => type));
    expect([...kinds]).toEqual(expect.arrayContaining(CALLING[name]));
    const aliases = Object.values(templates).flatMap(({ Resources = {} }) =>
      Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Alias'),
    );
    expect(new Set(aliases.map(({ Properties }) => Properties?.['Name']))).toEqual(new Set([LIVE_ALIAS]));
  });
});
