import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Running } from './attempts.js';
import type { Trouble } from './scenario.js';
import type { Stage } from './rounds.js';
import { SCHEDULED } from './jobs.js';

type Phases = Extract<Trouble, { kind: 'phases on Lambda' }>;
type Event = Readonly<Record<string, unknown>>;

interface Planned {
  readonly run_id?: string;
  readonly waves?: readonly { readonly bucket: string; readonly key: string }[];
}

const ENOUGH_MS = 30_000;
/** Step Functions retries a state that failed. */
const TRIES = 3;

/**
 * The run as a state machine carries it out: plan, wave after wave of slices side by side, finish, each an invocation on a machine of its own, tried again when
 * it fails. The first plan is killed where it lists the slices; the first slice has too little time at first; another one is invoked twice at the same moment, as at-least-once delivery may do. A state machine
 * that can't go on stops: the attempts after it take the run to its end.
 */
export async function inPhases({ kind, shortMs, planKilled }: Phases, stage: Stage): Promise<void> {
  const invoke = (event: Event, timeoutMs = ENOUGH_MS): Running =>
    stage.attempts.start({ job: stage.job, weather: 'storm', lambda: { timeoutMs, event } });
  const tried = async (event: Event, firstMs?: number): Promise<Answer | undefined> => {
    for (let n = 1; n <= TRIES; n += 1) {
      const answer = await answerTo(invoke(event, n === 1 ? firstMs : undefined));
      if (answer?.['status'] === 'complete' || answer?.['status'] === 'planned') return answer;
    }
    return undefined;
  };
  const killed = invoke({ phase: 'plan', scheduled_time: SCHEDULED });
  const struck = stage.attempts.at(killed, { step: 'slices listed', when: planKilled, nth: 1 }, async (at) => {
    await killed.kill(at);
    return 'give up';
  });
  await killed.ended;
  if (struck()) stage.struck(`killed ${planKilled} slices listed`);
  const plan = (await tried({ phase: 'plan', scheduled_time: SCHEDULED })) as Planned | undefined;
  for (const wave of plan?.waves ?? []) {
    const [first, second, ...rest] = await eventsOf(wave, stage);
    const slices = [
      ...(first === undefined ? [] : [tried(first, shortMs)]),
      ...(second === undefined ? [] : [tried(second), answerTo(invoke(second))]),
      ...rest.map((event) => tried(event)),
    ];
    const answers = await Promise.all(slices);
    if (answers.every((answer) => answer === undefined)) return stage.struck(`${kind}: stopped half-way`);
  }
  const finished = plan?.run_id === undefined ? undefined : await tried({ phase: 'finish', run_id: plan.run_id });
  stage.struck(`${kind}: ${finished === undefined ? 'stopped half-way' : 'complete'}`);
}

type Answer = Readonly<Record<string, unknown>>;

async function answerTo(invocation: Running): Promise<Answer | undefined> {
  const { exit } = await invocation.ended;
  return exit.status === 0 ? (JSON.parse(exit.stdout) as Answer) : undefined;
}

async function eventsOf({ bucket, key }: { readonly bucket: string; readonly key: string }, { world }: Stage): Promise<Event[]> {
  const { Body } = await world.storage.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return JSON.parse((await Body?.transformToString('utf8')) ?? '[]') as Event[];
}
