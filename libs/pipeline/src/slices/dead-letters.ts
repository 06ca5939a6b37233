import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../ports/json.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { LoadLetters } from '../ports/loader.js';
import type { StreamPlan } from '../plan/plan.js';

/** A record that could not be delivered, unaltered, and why. One line of NDJSON. */
export interface DeadLetter {
  /** Where it fell out: `transform`, `sink` when sinks refused it, or `load` when a loader left it out. */
  readonly stage: 'transform' | 'sink' | 'load';
  readonly reason: string;
  readonly error_class: string;
  /** The sinks that did not acknowledge it: a retry goes to those alone. */
  readonly sinks: readonly string[];
  readonly run_id: string;
  readonly stream: string;
  readonly slice: number;
  /** The raw record for `transform` and `load`, the normalized one for `sink`. */
  readonly record: Json | JsonObject;
}

export interface DeadLetterBox {
  /**
   * Writes the letters of one step. A later attempt that comes to the same letters finds their object and changes nothing; one that comes to
   * others (a sink that refuses other records now, a mended transform) adds an object: no letter ever takes the place of another.
   */
  write(step: string, letters: readonly DeadLetter[]): Promise<void>;
}

const NDJSON = 'application/x-ndjson';

const prefixOf = (runId: string, stream: StreamPlan, slice: number): string =>
  `dead-letters/${stream.source}/${stream.data_type}/date=${stream.second.slice(0, 10)}/run=${runId}/slice=${String(slice).padStart(5, '0')}`;

/** `dead-letters/{source}/{data type}/date=…/run=…/slice=…-{step}-{MD5 of the letters, 8 digits}.ndjson` */
export function createDeadLetterBox(lake: ObjectStore, runId: string, stream: StreamPlan, slice: number): DeadLetterBox {
  const prefix = prefixOf(runId, stream, slice);
  return {
    async write(step, letters) {
      if (letters.length === 0) return;
      const body = Buffer.from(letters.map((letter) => `${JSON.stringify(letter)}\n`).join(''));
      await lake.putIfAbsent(`${prefix}-${step}-${hash('md5', body).slice(0, 8)}.ndjson`, body, { contentType: NDJSON });
    },
  };
}

/** How a loader writes its own: `dead-letters/{source}/{data type}/date=…/run=…/slice=…-load-{part}.ndjson` */
export function loadLetters(loader: string, runId: string, stream: StreamPlan, slice: number): LoadLetters {
  const prefix = prefixOf(runId, stream, slice);
  return {
    key: (part) => `${prefix}-load-${String(part).padStart(6, '0')}.ndjson`,
    contentType: NDJSON,
    line({ reason, errorClass, record }) {
      const letter: DeadLetter = {
        ...{ stage: 'load', reason, error_class: errorClass, sinks: [loader], run_id: runId, stream: stream.id, slice },
        record,
      };
      return `${JSON.stringify(letter)}\n`;
    },
  };
}

/** Raw records of a slice that could not be parsed so far, as JSON text. */
export async function rejectedRecords(lake: ObjectStore, runId: string, stream: StreamPlan, slice: number): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { key } of lake.list(`${prefixOf(runId, stream, slice)}-transform-`)) {
    const lines = Buffer.from((await lake.get(key)) ?? [])
      .toString('utf8')
      .split('\n');
    for (const line of lines) if (line !== '') found.add(JSON.stringify((JSON.parse(line) as DeadLetter).record));
  }
  return found;
}
