import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { changeShop } from '../changes.js';
import { openLateCommit } from '../late.js';
import { SHOP_TABLES } from '../types.js';
import { runLoadin } from './command.js';
import { killInTheMiddle, type Crash } from './crash.js';
import { fingerprintsOfLake, fingerprintsOfShop } from './fingerprints.js';
import { copyLake } from './lake-copy.js';
import { openLake } from './lake.js';
import { QUERIES } from './queries.js';
import { number, table } from './show.js';
import { BUCKET, openStage } from './stage.js';
import type { DemoOptions, Stage } from './types.js';
import { LAUNCHER } from './workspace.js';

interface Scene extends Required<Pick<DemoOptions, 'say' | 'launcher'>> {
  readonly stage: Stage;
}

/** A shop into bronze: in full, by what has changed, and after a crash; each time held against the shop. Gives the exit status. */
export async function showDemo({ say, launcher = LAUNCHER, stay, ...options }: DemoOptions): Promise<number> {
  say('A shop is made in Postgres; local AWS and two APIs are started …');
  const stage = await openStage(options);
  try {
    const tables = Object.entries(stage.shop).map(([name, count]) => `${number(count)} ${name.replace('_', ' ')}`);
    say(`Postgres has ${tables.join(', ')}. All of it runs on this machine and goes when this ends; the lake lies in ${stage.dir}.`);
    const scene: Scene = { say, launcher, stage };
    const isGood = (await discover(scene)) && (await loadInFull(scene)) && (await loadChanges(scene)) && (await crashAndRepair(scene));
    if (!isGood) return 1;
    await showQueries(scene);
    await stay?.(stage);
    return 0;
  } finally {
    await stage.close();
  }
}

async function discover({ say, launcher, stage }: Scene): Promise<boolean> {
  say('\n$ loadin discover postgres');
  const { status, stdout } = await runLoadin(launcher, ['discover', 'postgres'], { cwd: stage.dir, env: stage.env, say });
  const [heading, , ...paragraphs] = stdout.split(/(\n\n)/);
  const orders = paragraphs.find((paragraph) => paragraph.startsWith('public.orders'));
  say(
    `${heading}\n\n${orders ?? stdout}\n\n(and so on; --write makes a jobs file of it. The one of this demonstration: ${join(stage.dir, 'loadin.jobs.yaml')})`,
  );
  return status === 0;
}

async function loadInFull(scene: Scene): Promise<boolean> {
  scene.say('\n── 1. The first run brings everything ──\n$ loadin run bronze');
  return (await run(scene, [])) && agrees(scene);
}

/** A transaction that begins before a run and is committed after it carries times that the run has passed. */
async function loadChanges(scene: Scene): Promise<boolean> {
  const { say, stage } = scene;
  const { updated, inserted, softDeleted, deleted, late, newColumn } = await changeShop({ client: stage.client, step: 1 });
  say('\n── 2. The shop changes, and the next run brings what has changed ──');
  say(
    `${number(updated.orders + updated.customers + updated.products)} rows are updated, ${number(inserted.customers + inserted.orders + inserted.order_items)} inserted, ${number(softDeleted)} customers marked as deleted;`,
  );
  say(
    `${number(late)} orders carry a time of change that lies five minutes back; ${number(updated.inventory)} rows of inventory, which has no such time, change, and ${number(deleted.inventory)} are gone;`,
  );
  say(`${newColumn ?? 'no column'} is a new column.\n$ loadin run bronze`);
  const open = await openLateCommit({ client: await stage.connect() });
  const isGood = await run(scene, []);
  await open.commit();
  say(
    `\nWhile that ran a transaction was open, with ${open.orders} orders; it is committed now, and carries an earlier time.\n$ loadin run bronze --entity orders`,
  );
  return isGood && (await run(scene, ['--entity', 'orders'])) && agrees(scene);
}

/** Kills a run in its middle, looks that nothing wrong is to be seen, and gives the same command once more. */
async function crashAndRepair(scene: Scene): Promise<boolean> {
  const { say, stage, launcher } = scene;
  const { inserted, deleted } = await changeShop({ client: stage.client, step: 2, deleteOrders: true });
  say('\n── 3. A run is killed, and the same command repairs it ──');
  say(
    `${number(inserted.orders)} orders more, and ${number(deleted.orders)} that were cancelled are deleted for good with their items: only a run in full can see that.`,
  );
  say('$ loadin run bronze --full-refresh');
  await nextSecond();
  let crash: Crash | undefined;
  const started = (child: ChildProcess): void => void (crash = killInTheMiddle(stage.aws, child));
  const killed = await runLoadin(launcher, ['run', 'bronze', '--full-refresh'], { cwd: stage.dir, env: stage.env, say, started });
  crash?.end();
  if (crash === undefined || killed.status !== null) {
    say(`The run was to be killed, and ended by itself with status ${killed.status}:\n${killed.stdout}`);
    return false;
  }
  say(`Killed (SIGKILL): ${crash.committed()} of 7 entities were committed, ${crash.visible()} of their files to be seen; of the others nothing is.`);
  say('$ loadin run bronze --full-refresh');
  return (await run(scene, ['--full-refresh'])) && agrees(scene);
}

async function run({ say, launcher, stage }: Scene, args: readonly string[]): Promise<boolean> {
  await nextSecond();
  const { status, stdout } = await runLoadin(launcher, ['run', 'bronze', ...args], { cwd: stage.dir, env: stage.env, say });
  say(stdout.trimEnd());
  return status === 0;
}

/** A run brings what was changed before the second in which it begins; what has changed in that second is the next run's. */
const nextSecond = (): Promise<void> => delay(1000 - (Date.now() % 1000));

/** Holds the latest version of every row in the lake against the shop, by count and by the MD5 of all values. */
async function agrees({ say, stage }: Scene): Promise<boolean> {
  const folder = lakeFolder(stage);
  const { files, bytes } = await copyLake(stage.aws.url, folder);
  const lake = await openLake(folder);
  try {
    const [shop, found] = [await fingerprintsOfShop(stage.client), await fingerprintsOfLake(lake)];
    const different = SHOP_TABLES.filter((name) => shop[name].digest !== found[name].digest);
    const rows = SHOP_TABLES.map((name) => ({
      table: name,
      'in Postgres': number(shop[name].rows),
      'in the lake': number(found[name].rows),
      '': shop[name].digest === found[name].digest ? 'the same' : 'NOT the same',
    }));
    say(
      `\nThe latest version of each row, counted and hashed by Postgres and by DuckDB over ${number(files)} Parquet files (${(bytes / 1e6).toFixed(1)} MB):`,
    );
    for (const line of table(rows)) say(line);
    return different.length === 0;
  } finally {
    lake.close();
  }
}

const lakeFolder = ({ dir }: Stage): string => join(dir, 'lake');

async function showQueries({ say, stage }: Scene): Promise<void> {
  const lake = await openLake(lakeFolder(stage));
  try {
    say(`\n── 4. Questions to the Parquet files, by DuckDB (in AWS by Athena, over s3://${BUCKET}/data/bronze/) ──`);
    for (const { asks, sql } of QUERIES) {
      say(`\n${asks}:\n${sql.replace(/^/gm, '    ')}`);
      for (const line of table(await lake.query(sql))) say(line);
    }
  } finally {
    lake.close();
  }
}
