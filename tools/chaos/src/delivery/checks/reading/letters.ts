import type { Evidence } from '../../evidence.js';
import { isFields, parsed, type Fields, type Value } from './canonical.js';

/** One dead letter, and where it lies. */
export interface Letter {
  readonly key: string;
  readonly line: number;
  readonly runId: string;
  readonly stream: string;
  readonly slice: number;
  readonly stage: string;
  readonly sinks: readonly string[];
  readonly record: Value;
  /** Its line. */
  readonly fields: Fields;
}

const KEY = /^dead-letters\/(?<source>[^/]+)\/(?<type>[^/]+)\/date=\d{4}-\d\d-\d\d\/run=(?<run>[0-9a-f-]{36})\/slice=(?<slice>\d{5})-.+\.ndjson$/;

/** All letters, and what lies among them that is none. */
export function readLetters({ lake }: Evidence): { readonly letters: readonly Letter[]; readonly damaged: readonly string[] } {
  const letters: Letter[] = [];
  const damaged: string[] = [];
  for (const { key, body } of lake.values()) {
    if (!key.startsWith('dead-letters/') || body === undefined) continue;
    const { source, type, run, slice } = KEY.exec(key)?.groups ?? {};
    const text = body.toString('utf8');
    if (run === undefined || !text.endsWith('\n'))
      damaged.push(`${key}: ${run === undefined ? 'its name is none of dead letters' : 'its last line has no end'}`);
    const lines = text.split('\n').slice(0, -1);
    lines.forEach((one, line) => {
      const fields = parsed(one);
      const { stage, reason, error_class: errorClass, sinks, run_id: runId, stream, slice: ordinal, record = null } = fields ?? {};
      const complete =
        [stage, reason, errorClass, stream].every((value) => typeof value === 'string' && value !== '') && Array.isArray(sinks) && sinks.length > 0;
      if (
        fields === undefined ||
        !complete ||
        runId !== run ||
        ordinal !== Number(slice) ||
        stream !== `${source}.${type}` ||
        !isRecord(stage, record)
      )
        damaged.push(`${key}, line ${line + 1}: it does not say what a dead letter says, or something else than its place`);
      else letters.push({ key, line, runId: run ?? '', stream, slice: ordinal, stage: String(stage), sinks: sinks.map(String), record, fields });
    });
  }
  return { letters, damaged };
}

/** A raw record may be anything but null; a normalized one is an object. */
const isRecord = (stage: Value | undefined, record: Value): boolean => (stage === 'sink' ? isFields(record) : record !== null);
