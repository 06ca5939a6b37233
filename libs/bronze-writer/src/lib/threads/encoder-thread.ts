// Runs as a thread of its own: makes row groups of rows, one task after the other.
import { workerData } from 'node:worker_threads';
import { encoderOf } from './encoder-of.js';
import type { ThreadAnswer, ThreadData, ThreadTask } from './messages.js';
import { freeAll } from '../parquet/bytes.js';
import { piecesOf } from '../parquet/row-group.js';
import type { TableSchema } from '../schema/table-schema.js';
import { storedRows } from '../stored-rows.js';

const { setup, port } = workerData as ThreadData;
const encoder = encoderOf(setup);
const NONE: ReadonlySet<number> = new Set();
let schema: TableSchema | undefined;

port.on('message', (task: ThreadTask) => {
  const answer = answerTo(task);
  port.postMessage(answer, [answer.rows.bytes.buffer, ...(answer.bytes === undefined ? [] : [answer.bytes.buffer])]);
});

function answerTo({ rows, schema: next, plain, shapes }: ThreadTask): ThreadAnswer {
  schema = next ?? schema;
  if (setup.format.feed === 'records') setup.format.shapes.push(...shapes);
  if (schema === undefined) return { rows, problem: 'no schema has come' };
  const { bytes, length, count } = rows;
  try {
    const encoded = encoder.encode(storedRows(bytes.subarray(0, length), length, count), { schema, without: NONE, plain: new Set(plain) });
    if (!('group' in encoded)) return { rows, problem: 'a row does not fit' };
    const { group } = encoded;
    return {
      rows,
      group: { ...group, chunks: group.chunks.map((chunk) => ({ ...chunk, pieces: [] })) },
      bytes: joined(piecesOf(group)),
      plain: encoded.plain,
    };
  } catch (error) {
    return { rows, problem: String(error) };
  }
}

/** Not by `Buffer.concat`, whose memory may be shared and then can't be handed over. */
function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  freeAll(pieces);
  return bytes;
}
