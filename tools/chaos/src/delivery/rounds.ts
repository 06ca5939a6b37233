import { MergeShardsCommand, ListShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET } from '@loadin/specs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Attempts, Running } from './attempts.js';
import { startChild } from './child.js';
import type { JobName } from './jobs.js';
import { inPhases } from './phases.js';
import type { Moment, Trouble, TroubleKind } from './scenario.js';
import { CHECKPOINT_OBJECT } from './steps.js';
import { LEASE_MS, STREAM, type World } from './world.js';

/** Where troubles strike that any run can have. */
export interface AnyStage {
  readonly world: Pick<World, 'aws'>;
  readonly attempts: Attempts;
  /** The job that is started. */
  readonly job: string;
  /** How it is started. Default: as the trouble says. */
  readonly start?: Start;
  /** Notes that a trouble has really struck. */
  struck(name: string): void;
}

/** Where a trouble strikes, and what it needs for that. */
export interface Stage extends AnyStage {
  readonly world: World;
  readonly job: JobName;
  /** The command's bundle, for what an operator does between attempts. */
  readonly main: string;
}

type Of<Kind extends TroubleKind> = Extract<Trouble, { kind: Kind }>;

/** Troubles that need nothing of what is run. */
export type AnyTrouble = Of<
  'kill at a step' | 'kill at random' | 'copies at once' | 'paused process' | 'cut off' | 'full disk of the servers' | 'full disk of the process'
>;

/** Starts the run again and does to it what the trouble is. Resolves when every attempt that it started has ended. */
export async function carryOut(trouble: Trouble, stage: Stage): Promise<void> {
  switch (trouble.kind) {
    case 'deadline by SIGTERM':
      return after(trouble.afterMs, start(stage), async (attempt) => {
        attempt.terminate();
        stage.struck(trouble.kind);
      });
    case 'deadline on Lambda': {
      const { killed } = await start(stage, { lambda: { timeoutMs: trouble.timeoutMs } }).ended;
      return stage.struck(`${trouble.kind}: ${killed === undefined ? 'stopped' : 'killed'}`);
    }
    case 'phases on Lambda':
      return inPhases(trouble, stage);
    case 'clock jump': {
      const { afterMs, byMs } = trouble;
      await start(stage, { clockJump: { afterMs, byMs } }).ended;
      stage.struck(`${trouble.kind} ${byMs < 0 ? 'backward' : 'forward'}`);
      return;
    }
    case 'resharding':
      return resharding(trouble, stage);
    case 'damaged checkpoints':
      return damaged(trouble, stage);
    case 'changed source':
      return changed(trouble, stage);
    case 'same second': {
      const both = [start(stage), start(stage, { job: 'hourly' })];
      await allEnded(both);
      return stage.struck(trouble.kind);
    }
    default:
      return carryOutAnywhere(trouble, stage);
  }
}

/** The same, of troubles that any run can have. `meanwhile` is done where an attempt is killed at a step. */
export async function carryOutAnywhere(trouble: AnyTrouble, stage: AnyStage, meanwhile?: () => Promise<void>): Promise<void> {
  switch (trouble.kind) {
    case 'kill at a step':
      return void (await killedAt(trouble.at, stage, meanwhile));
    case 'kill at random':
      return after(trouble.afterMs, start(stage), async (attempt) => {
        await attempt.kill();
        stage.struck(trouble.kind);
      });
    case 'copies at once':
      return copies(trouble, stage);
    case 'paused process':
      return paused(trouble, stage);
    case 'cut off':
      return cutOff(trouble, stage);
    case 'full disk of the servers':
      return serverDisk(trouble, stage);
    case 'full disk of the process':
      await start(stage, { fullDisk: true }).ended;
      return stage.struck(trouble.kind);
  }
}

type Start = Partial<Parameters<Attempts['start']>[0]>;

const start = ({ attempts, job, start: usual }: AnyStage, options: Start = {}): Running =>
  attempts.start({ job, weather: 'storm', ...usual, ...options });

const allEnded = async (attempts: readonly Running[]): Promise<void> => void (await Promise.all(attempts.map(({ ended }) => ended)));

/** Does something so much after the attempt's first call, if it still runs; resolves when it has ended. */
async function after(ms: number, attempt: Running, then: (attempt: Running) => Promise<void>): Promise<void> {
  await attempt.begun;
  const waiting = new AbortController();
  const ended = attempt.ended.finally(() => waiting.abort());
  await delay(ms, undefined, { signal: waiting.signal }).then(
    () => (attempt.over ? undefined : then(attempt)),
    () => undefined, // it had ended before
  );
  await ended;
}

async function killedAt(at: Moment, stage: AnyStage, meanwhile: () => Promise<void> = async () => undefined): Promise<boolean> {
  const attempt = start(stage);
  const struck = stage.attempts.at(attempt, at, async (step) => {
    await attempt.kill(step);
    await meanwhile();
    return 'give up';
  });
  await attempt.ended;
  stage.struck(struck() ? `killed ${at.when} ${at.step}` : `never came to ${at.step}`);
  return struck();
}

async function copies({ kind, delaysMs, killAfterMs }: Of<'copies at once'>, stage: AnyStage): Promise<void> {
  const first = start(stage);
  const all = [first];
  for (const ms of delaysMs) {
    await delay(ms);
    all.push(start(stage));
  }
  if (killAfterMs !== undefined) await after(killAfterMs, first, (attempt) => attempt.kill());
  await allEnded(all);
  stage.struck(`${kind}: ${all.length}`);
}

/** A renewal may just have come through: the lease is over by then for certain. */
const EXPIRED_MS = LEASE_MS * 1.2;

async function paused({ kind, at, wakeAfterMs }: Of<'paused process'>, stage: AnyStage): Promise<void> {
  const first = start(stage);
  let zombie: Promise<void> | undefined;
  stage.attempts.at(first, at, async () => {
    zombie = first.pause(async () => {
      await delay(EXPIRED_MS);
      const other = start(stage);
      await (wakeAfterMs === undefined ? other.ended : Promise.race([delay(wakeAfterMs), other.ended]));
      others.push(other);
    }, 'SIGSTOP');
    return undefined; // the call that it had sent is done
  });
  const others: Running[] = [];
  await first.ended;
  await zombie;
  await allEnded(others);
  stage.struck(zombie === undefined ? `never came to ${at.step}` : `${kind} ${wakeAfterMs === undefined ? 'woken afterwards' : 'woken meanwhile'}`);
}

async function cutOff({ kind, at, forMs, others }: Of<'cut off'>, stage: AnyStage): Promise<void> {
  const first = start(stage);
  let over: Promise<void> | undefined;
  let other: Running | undefined;
  stage.attempts.at(first, at, async () => {
    const open = stage.attempts.cutOff(first);
    over = first.pause(async () => {
      if (others > 0) other = start(stage);
      await (forMs === undefined ? other?.ended : delay(forMs));
      open();
    }, 'unheard');
    return undefined;
  });
  await first.ended;
  await over;
  await other?.ended;
  stage.struck(over === undefined ? `never came to ${at.step}` : `${kind}${other === undefined ? '' : ', with another copy'}`);
}

async function serverDisk({ kind, at, forMs }: Of<'full disk of the servers'>, stage: AnyStage): Promise<void> {
  const { aws } = stage.world;
  const attempt = start(stage);
  let freed: Promise<void> | undefined;
  stage.attempts.at(attempt, at, async () => {
    aws.disk.full = true;
    stage.attempts.recorder.noteAct('disk full', `${at.when} ${at.step}`);
    freed = delay(forMs).then(() => {
      aws.disk.full = false;
      stage.attempts.recorder.noteAct('disk freed', `after ${forMs} ms`);
    });
    return undefined;
  });
  await attempt.ended;
  await freed;
  stage.struck(freed === undefined ? `never came to ${at.step}` : kind);
}

async function resharding({ kind, at, how }: Of<'resharding'>, stage: Stage): Promise<void> {
  const attempt = start(stage);
  const struck = stage.attempts.at(attempt, at, async () => {
    await (how === 'split' ? split(stage) : merge(stage));
    return undefined;
  });
  await attempt.ended;
  stage.struck(struck() ? `${kind}: ${how}` : `never came to ${at.step}`);
}

async function openShards({ world }: Stage) {
  const { Shards = [] } = await world.storage.kinesis.send(new ListShardsCommand({ StreamName: STREAM, ShardFilter: { Type: 'AT_LATEST' } }));
  return Shards;
}

async function split(stage: Stage): Promise<void> {
  const [shard] = await openShards(stage);
  const { StartingHashKey = '0', EndingHashKey = '0' } = shard?.HashKeyRange ?? {};
  const middle = (BigInt(StartingHashKey) + BigInt(EndingHashKey)) / 2n + 1n;
  const ShardToSplit = shard?.ShardId;
  await stage.world.storage.kinesis.send(new SplitShardCommand({ StreamName: STREAM, ShardToSplit, NewStartingHashKey: String(middle) }));
  stage.attempts.recorder.noteAct('shard split', String(ShardToSplit));
}

async function merge(stage: Stage): Promise<void> {
  const [one, two] = await openShards(stage);
  const names = { ShardToMerge: one?.ShardId, AdjacentShardToMerge: two?.ShardId };
  await stage.world.storage.kinesis.send(new MergeShardsCommand({ StreamName: STREAM, ...names }));
  stage.attempts.recorder.noteAct('shards merged', Object.values(names).join(' and '));
}

/** The content that the object had, so that an operator can bring it back: the bucket keeps versions. */
async function damaged({ kind, how }: Of<'damaged checkpoints'>, stage: Stage): Promise<void> {
  if (!(await killedAt({ step: 'checkpoint moved', when: 'after', nth: 1 }, stage))) return;
  const { world, attempts } = stage;
  const place = { Bucket: BUCKET, Key: CHECKPOINT_OBJECT };
  const { Body } = await world.storage.s3.send(new GetObjectCommand(place));
  const text = (await Body?.transformToString('utf8')) ?? '';
  const bad = how === 'torn' ? text.slice(0, text.length >> 1) : text.replaceAll(/("last_sync_timestamp": )"[^"]*"/g, '$1"half past two"');
  await world.storage.s3.send(new PutObjectCommand({ ...place, Body: bad }));
  attempts.recorder.noteAct('checkpoint damaged', how);
  await start(stage).ended;
  await mend(how, text, stage);
  attempts.recorder.noteAct('checkpoint restored', how === 'torn' ? 'the earlier version of the object' : 'loadin state restore');
  stage.struck(`${kind}: ${how}`);
}

/** What the message says: an earlier version of the object; where only checkpoints in it are nonsense, `loadin state restore` brings each back. */
async function mend(how: 'torn' | 'nonsense', text: string, { world, main, attempts }: Stage): Promise<void> {
  if (how === 'torn') return void (await world.storage.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: CHECKPOINT_OBJECT, Body: text })));
  for (const entity of Object.keys(JSON.parse(text) as object)) {
    const [job = '', stream = ''] = entity.split('/');
    const states = (attempts.recorder.item(`history/checkpoint/${entity}`)?.['states'] ?? []) as readonly { readonly rev: number }[];
    const args = ['state', 'restore', job, stream, String(states.at(-1)?.rev)];
    const { status, stderr } = await startChild({ main, args, cwd: world.dir, env: world.envOf('operator') }).ended;
    if (status !== 0) throw new Error(`loadin ${args.join(' ')} ended with status ${status}: ${stderr}`);
  }
}

async function changed({ kind, how, at }: Of<'changed source'>, stage: Stage): Promise<void> {
  const { world, attempts } = stage;
  const struck = await killedAt(at, stage, async () => {
    if (how === 'contents') world.sources.change();
    else world.upstreams.setDay(world.upstreams.day + 1);
    world.versions.push({ since: attempts.recorder.events.length + 1, ids: world.sources.ids(world.upstreams) });
    attempts.recorder.noteAct(how === 'contents' ? 'records changed' : 'day moved', `${at.when} ${at.step}`);
  });
  if (struck) stage.struck(`${kind}: ${how}`);
}
