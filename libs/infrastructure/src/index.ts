export { refuseOtherAccount, type CallerIdentity } from './lib/account.js';
export { alarmDefinitions } from './lib/alarms/alarm-definitions.js';
export { RUNBOOKS } from './lib/alarms/runbook.js';
export type { AlarmDefinition, AlarmMetric, AlarmSubjects } from './lib/alarms/types.js';
export { deployedJobs, type DeployedJobs } from './lib/deployed-jobs.js';
export { environmentsSchema } from './lib/environments/fields.js';
export { EnvironmentsFileError, type EnvironmentsProblem } from './lib/environments/environments-file-error.js';
export { parseEnvironments } from './lib/environments/parse-environments.js';
export type { BronzeSettings, EnvironmentSettings, NetworkSettings, Retention, ScheduleSettings, Sizes } from './lib/environments/types.js';
export { jobsByPlace, loadsEntities, sourcesOf, type JobsByPlace } from './lib/jobs.js';
export {
  arns,
  DEFAULT_STREAM,
  DEFAULT_TABLE,
  functionLogGroup,
  LIVE_ALIAS,
  resourceNames,
  stackName,
  type GivenNames,
  type NamedPlace,
  type ResourceNames,
} from './lib/names.js';
export { policyFindings } from './lib/policy-findings.js';
export { trustFindings } from './lib/trust.js';
export { resolvedPolicies, resolver, type PolicyStatement, type ResolvedPolicy, type SynthesizedTemplate } from './lib/role-policies.js';
export { runSettings, traceSettings, type RunSettingsOptions } from './lib/run-settings.js';
export { STACK_NAMES, STACKS, type StackFacts, type StackName } from './lib/stacks.js';
export { tagsOf, type Manager } from './lib/tags.js';
export { runStateMachine } from './lib/state-machine/run-state-machine.js';
export { stateMachineStatements, type StateMachineStatement, type StateMachineStatementsOptions } from './lib/state-machine/statements.js';
export type { JobFunction, RunStateMachineOptions, StateMachineDefinition } from './lib/state-machine/types.js';
export { STATES_ENTERED } from './lib/state-machine/states-entered.js';
