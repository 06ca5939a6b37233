import type { RunReport } from '@loadin/pipeline';
import type { Attempt, Kill } from './evidence.js';
import { SCHEDULED } from './jobs.js';
import { startCommand, startLambda, timedOut, type CommandOptions, type LambdaOptions, type Programs } from './processes.js';
import { startRecorder, type AtStep, type Recorder, type StepAt, type Weather } from './recorder.js';
import type { Moment } from './scenario.js';
import type { World } from './world.js';

/** An attempt that runs. What is done to it is noted, for the checks. */
export interface Running {
  readonly id: string;
  /** Resolves with its first call: how long a process takes to start depends on the machine. Or when it has ended without one. */
  readonly begun: Promise<unknown>;
  readonly ended: Promise<Attempt>;
  readonly over: boolean;
  kill(step?: StepAt): Promise<void>;
  terminate(): void;
  /** Stops it, or makes it wait: what `during` lasts, others may go on. */
  pause(during: () => Promise<void>, how: 'SIGSTOP' | 'unheard'): Promise<void>;
}

export interface StartOptions extends CommandOptions {
  readonly job: string;
  readonly weather: Attempt['weather'];
  /** Missing: the command is run. */
  readonly lambda?: LambdaOptions;
}

/** Starts attempts of runs in a world, knows each by its access key, and tells when one comes to a step. */
export interface Attempts {
  readonly recorder: Recorder;
  readonly all: readonly Attempt[];
  start(options: StartOptions): Running;
  /** Calls `then` when the attempt comes to the moment for the first time; the server waits for it. Gives whether that has happened. */
  at(attempt: Running, moment: Moment, then: (at: StepAt) => Promise<'give up' | undefined>): () => boolean;
  /** From now on the server does nothing for the attempt, until the returned function is called: then it does all that was asked meanwhile. */
  cutOff(attempt: Running): () => void;
  /** Kills whatever is left. */
  close(): Promise<void>;
}

/** No attempt needs so long; one that does hangs. */
const LONGEST_MS = 90_000;

interface Trap {
  readonly attempt: string;
  readonly moment: Moment;
  readonly then: (at: StepAt) => Promise<'give up' | undefined>;
  sprung: boolean;
}

/** What attempts need of a world. */
type Servers = Pick<World, 'dir' | 'aws' | 'envOf' | 'lambdaEnvOf'>;

export function createAttempts(world: Servers, programs: Programs, weather: Weather): Attempts {
  const all: Attempt[] = [];
  const running = new Map<string, Pick<Running, 'kill'>>();
  const names = new Set<string>();
  const traps: Trap[] = [];
  const gates = new Map<string, Promise<void>>();
  const calm = new Set<string>();
  const begun = new Map<string, () => void>();

  const atStep: AtStep = (at) => {
    const trap = traps.find((each) => !each.sprung && each.attempt === at.attempt && isAt(each.moment, at));
    if (trap === undefined) return undefined;
    trap.sprung = true;
    return trap.then(at);
  };
  const recorder = startRecorder({
    aws: world.aws,
    isAttempt: (caller) => names.has(caller),
    atStep,
    async weather(call, attempt) {
      begun.get(attempt)?.();
      await gates.get(attempt);
      return calm.has(attempt) ? undefined : weather(call, attempt);
    },
  });

  return {
    recorder,
    all,
    start(options) {
      const id = `a${names.size + 1}`;
      names.add(id);
      if (options.weather === 'calm') calm.add(id);
      const started = startAttempt(id, options, world, programs, recorder);
      running.set(id, started);
      const firstCall = new Promise<void>((resolve) => begun.set(id, resolve));
      const place = all.length;
      all.push(undefined as unknown as Attempt); // its place in the order of their starts
      const ended = started.ended.then((attempt) => {
        running.delete(id);
        return (all[place] = attempt);
      });
      return {
        ...started,
        begun: Promise.race([firstCall, ended]),
        ended,
        get over() {
          return started.over;
        },
      };
    },
    at(attempt, moment, then) {
      const trap: Trap = { attempt: attempt.id, moment, then, sprung: false };
      traps.push(trap);
      return () => trap.sprung;
    },
    cutOff(attempt) {
      let open = (): void => undefined;
      gates.set(attempt.id, new Promise((resolve) => (open = resolve)));
      return () => {
        gates.delete(attempt.id);
        open();
      };
    },
    async close() {
      recorder.stop();
      await Promise.all([...running.values()].map((each) => each.kill()));
    },
  };
}

const isAt = ({ step, when, nth }: Moment, at: StepAt): boolean => step === at.step && when === at.when && nth === at.nth;

function startAttempt(id: string, options: StartOptions, world: Servers, programs: Programs, recorder: Recorder): Omit<Running, 'begun'> {
  const from = recorder.events.length;
  const startedAt = Date.now();
  const { job, lambda, weather, at = SCHEDULED } = options;
  const child =
    lambda === undefined ? startCommand(id, job, commandOptions(options), world, programs) : startLambda(id, job, lambda, world, programs);
  let killed: Kill | undefined;
  let terminated: number | undefined;
  let hung = false;
  const pauses: { from: number; until: number }[] = [];
  const kill = async (at?: StepAt): Promise<void> => {
    if (child.over) return;
    killed ??= { step: at?.step, when: at?.when, event: at?.event ?? recorder.events.length };
    child.signal('SIGKILL');
    await child.ended;
  };
  const tooLong = setTimeout(() => {
    hung = true;
    killed ??= { step: undefined, when: undefined, event: recorder.events.length };
    child.signal('SIGKILL');
  }, LONGEST_MS);
  const ended = child.ended.then((exit): Attempt => {
    clearTimeout(tooLong);
    if (lambda !== undefined && timedOut(exit.stdout)) killed ??= { step: undefined, when: undefined, event: recorder.events.length };
    return {
      id,
      kind: lambda === undefined ? 'cli' : 'lambda',
      job,
      scheduledTime: at,
      weather,
      from,
      until: recorder.events.length,
      startedAt,
      endedAt: Date.now(),
      exit,
      report: lambda === undefined ? reportIn(exit.stdout) : undefined,
      killed,
      pauses,
      ...(hung && { hung }),
      terminated,
    };
  });
  return {
    id,
    ended,
    get over() {
      return child.over;
    },
    kill,
    terminate() {
      terminated = recorder.events.length;
      child.signal('SIGTERM');
    },
    async pause(during, how) {
      const pause = { from: recorder.events.length, until: recorder.events.length };
      pauses.push(pause);
      if (how === 'SIGSTOP') child.signal('SIGSTOP');
      try {
        await during();
      } finally {
        pause.until = recorder.events.length;
        if (how === 'SIGSTOP') child.signal('SIGCONT');
      }
    },
  };
}

const commandOptions = ({ at, more, clockJump, fullDisk, largestFileKB }: StartOptions): CommandOptions => ({
  at,
  more,
  clockJump,
  fullDisk,
  largestFileKB,
});

function reportIn(stdout: string): RunReport | undefined {
  try {
    return JSON.parse(stdout) as RunReport;
  } catch {
    return undefined; // it was ended before it printed one
  }
}
