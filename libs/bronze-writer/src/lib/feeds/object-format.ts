import { appendRaw } from '../hash/json-bytes.js';
import { appendByte } from '../parquet/bytes.js';
import { appendNull, type ColumnData } from '../parquet/column-data.js';
import { CLOSE, COMMA, OPEN } from '../values/ascii.js';
import { appendDeleted } from './append-deleted.js';
import { appendHashBytes } from './append-hash.js';
import { recordMemory, type RecordMemory } from './record-memory.js';
import type { RowFormat } from './row-decoder.js';
import type { Shape } from './shapes.js';
import { taggedAppender, type AppendTagged } from './tagged-appender.js';
import { appendTaggedJson } from './tagged-json.js';
import { readTagged, Tag, taggedEnd } from './tagged-value.js';

/** A record in memory: what is known of it, its hash in 32 digits if that is, the number of its shape (2 bytes), and the tagged values of the shape's keys. */
export const Known = { HASH: 1, DELETED: 2 } as const;
export const HASH_BYTES = 32;

interface Target {
  readonly data: ColumnData;
  readonly append: AppendTagged;
  /** Number of the last row that had a value. */
  row: number;
}

interface Member {
  readonly before: Uint8Array | undefined;
  readonly target: Target | undefined;
  readonly place: number;
}

const encoder = new TextEncoder();

/** @param shapes by number; may get further ones */
export function objectFormat(shapes: readonly Shape[]): RowFormat {
  let memory: RecordMemory | undefined;
  return {
    textOf(bytes, start, end) {
      const members: [string, unknown][] = [];
      const { keys } = shapeAt(shapes, bytes, start);
      for (let at = valuesAt(bytes, start), n = 0; at < end; at = taggedEnd(bytes, at), n++)
        if (bytes[at] !== Tag.NULL && bytes[at] !== Tag.ABSENT) members.push([keys[n] ?? '', readTagged(bytes, at)]);
      return JSON.stringify(Object.fromEntries(members));
    },
    appender({ placed, data, hashes, deleted }) {
      const targets: (Target | undefined)[] = [];
      placed.forEach(({ source, type }, n) => (targets[source] = { data: data[n] as ColumnData, append: taggedAppender(type), row: 0 }));
      const all = targets.filter((target) => target !== undefined);
      const plans = new Map<Shape, Plan>();
      const planOf = (shape: Shape): Plan => {
        const plan = plans.get(shape) ?? planned(shape, targets);
        plans.set(shape, plan);
        return plan;
      };
      const batch = hashes && (memory ??= recordMemory()).batch(hashes);
      let row = 0;
      const append = (given: Uint8Array, start: number, end: number): number => {
        row++;
        const known = given[start] ?? 0;
        const { members, before: texts } = planOf(shapeAt(shapes, given, start));
        const hashing = batch !== undefined && (known & Known.HASH) === 0 ? memory : undefined;
        if (batch !== undefined) hashing?.begin(batch, texts, given, start, end);
        const { bytes, end: to } = hashing ?? { bytes: given, end };
        let isFirst = true;
        for (let at = valuesAt(bytes, hashing?.start ?? start), n = 0; at < to; at = taggedEnd(bytes, at), n++) {
          const { before, target, place } = members[n] as Member;
          const tag = bytes[at];
          if (tag === Tag.ABSENT) continue;
          if (hashing !== undefined && before !== undefined) {
            appendByte(hashing.json, isFirst ? OPEN : COMMA);
            appendRaw(hashing.json, before, 0, before.length);
            appendTaggedJson(hashing.json, bytes, at, hashing.appendString);
            isFirst = false;
          }
          if (target === undefined || tag === Tag.NULL) continue;
          if (!target.append(target.data, bytes, at)) return place;
          target.row = row;
        }
        for (const target of all) if (target.row !== row) appendNull(target.data);
        if (deleted !== undefined) appendDeleted(deleted, (known & Known.DELETED) !== 0);
        if (batch === undefined || hashes === undefined) return -1;
        if (hashing === undefined) {
          batch.flush();
          appendHashBytes(hashes, given, start + 1);
        } else {
          if (isFirst) appendByte(hashing.json, OPEN);
          appendByte(hashing.json, CLOSE);
          hashing.finish(batch);
        }
        return -1;
      };
      const begin = (): void => {
        batch?.clear();
        row = 0;
        for (const target of all) target.row = 0;
      };
      return { begin, append, end: () => batch?.flush() };
    },
  };
}

/** How records of a shape are appended. */
interface Plan {
  readonly members: readonly Member[];
  /** Bytes of all that stands before values in their JSON. */
  readonly before: number;
}

function planned(shape: Shape, targets: readonly (Target | undefined)[]): Plan {
  const members = shape.places.map((place, n): Member => ({ place, target: targets[place], before: encoded(shape.before[n]) }));
  return { members, before: members.reduce((sum, { before }) => sum + (before?.length ?? 0) + 1, 0) };
}

const encoded = (text: string | null | undefined): Uint8Array | undefined => (typeof text === 'string' ? encoder.encode(text) : undefined);

/** Where the number of the shape stands. */
const shapePlace = (bytes: Uint8Array, start: number): number => start + 1 + (((bytes[start] ?? 0) & Known.HASH) === 0 ? 0 : HASH_BYTES);
const valuesAt = (bytes: Uint8Array, start: number): number => shapePlace(bytes, start) + 2;

function shapeAt(shapes: readonly Shape[], bytes: Uint8Array, start: number): Shape {
  const at = shapePlace(bytes, start);
  const shape = shapes[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)];
  if (shape === undefined) throw new Error('a record of a shape that is not known');
  return shape;
}
