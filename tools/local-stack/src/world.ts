import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The simulated world's own calendar: it begins on the day of the first start and moves by a day with every demonstration. */
export interface World {
  /** The date of the first start, `YYYY-MM-DD` (UTC): events lie around it. */
  readonly baseDate: string;
  /** Days since then, in the world's own time. */
  readonly day: number;
  /** Whether this day's demonstration came to its end; the next one moves the world on. */
  readonly complete?: boolean;
}

const file = (dir: string): string => join(dir, 'world.json');

export async function readWorld(dir: string): Promise<World | undefined> {
  try {
    return JSON.parse(await readFile(file(dir), 'utf8')) as World;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function saveWorld(dir: string, world: World): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(file(dir), `${JSON.stringify(world)}\n`);
}

export async function openWorld(dir: string, now: number): Promise<World> {
  const stored = await readWorld(dir);
  if (stored !== undefined) return stored;
  const world = { baseDate: `${new Date(now).toISOString().slice(0, 10)}`, day: 0 };
  await saveWorld(dir, world);
  return world;
}
