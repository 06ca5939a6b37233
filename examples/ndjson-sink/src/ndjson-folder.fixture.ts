import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, Sink } from '@loadin/pipeline';
import type { SinkUnderTest } from '@loadin/testing';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loadin-ndjson-'));
  folders.push(folder);
  return folder;
}

/** Everything that the kit can use of a folder: `error` puts a file where the sink needs a folder. */
export const inFolder = (createSink: (folder: string) => Sink) => async (): Promise<SinkUnderTest> => {
  const folder = await newFolder();
  const inTheWay = join(folder, 'spotify');
  return {
    sink: createSink(folder),
    another: () => createSink(folder),
    target: (fault) => (fault === 'error' ? writeFile(inTheWay, '') : rm(inTheWay)),
    readBack: async () => (await linesIn(folder)).map((record) => ({ id: String(record['artist_id']), record })),
  };
};

/** The records of all finished files. */
export async function linesIn(folder: string): Promise<JsonObject[]> {
  const names = await readdir(folder, { recursive: true });
  const texts = await Promise.all(names.filter((name) => name.endsWith('.ndjson')).map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JsonObject])));
}
