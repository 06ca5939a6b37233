/** One stack: where its source lies, and what has to be there before it. */
export interface StackFacts {
  /** The app whose `stack.ts` makes it. */
  readonly app: 'ingestion-lambda' | 'kinesis-consumer' | 'scheduler-cli' | 'setup-scripts';
  /** What is in it, for people. */
  readonly description: string;
  /** Whether data or what is made of it is lost with it. */
  readonly stateful: boolean;
  /** Stacks that are deployed before it: what it names is in them. */
  readonly after: readonly StackName[];
}

export const STACK_NAMES = ['storage', 'streaming', 'network', 'ingestion', 'consumer', 'fargate', 'catalogue', 'observability'] as const;
export type StackName = (typeof STACK_NAMES)[number];

/** Every stack, one for each lifecycle, in the order in which they are deployed. */
export const STACKS: Readonly<Record<StackName, StackFacts>> = {
  storage: { app: 'setup-scripts', description: 'buckets and the checkpoint table', stateful: true, after: [] },
  streaming: { app: 'setup-scripts', description: 'the stream, and the bucket of batches that were given up', stateful: true, after: [] },
  network: { app: 'setup-scripts', description: 'a VPC with endpoints, for a database that is in none', stateful: false, after: [] },
  ingestion: {
    app: 'ingestion-lambda',
    description: 'functions that run jobs, their schedules',
    stateful: false,
    after: ['storage', 'streaming', 'network'],
  },
  consumer: { app: 'kinesis-consumer', description: 'the function that reads the stream', stateful: false, after: ['streaming'] },
  fargate: {
    app: 'scheduler-cli',
    description: 'jobs of more than 15 minutes, in a container',
    stateful: false,
    after: ['storage', 'streaming', 'network'],
  },
  catalogue: { app: 'setup-scripts', description: 'Glue tables, Athena workgroup and queries', stateful: false, after: ['storage'] },
  observability: { app: 'setup-scripts', description: 'alarms, their topic, the dashboard', stateful: false, after: [] },
};
