/** Whose a resource is: that of `loadin-setup create`, or that of a stack. Each leaves the other's alone. */
export type Manager = 'loadin-setup' | 'cdk';

/** What everything of Loadin carries: for cost reports, and so that each way of making things knows its own. */
export const tagsOf = (environment: string, manager: Manager): Readonly<Record<'Project' | 'Environment' | 'ManagedBy', string>> => ({
  Project: 'Loadin',
  Environment: environment,
  ManagedBy: manager,
});
