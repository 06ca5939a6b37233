import { hashBytes, NULL, PLAIN, setRowBytes, type Row } from './row.js';

export const NUMBER = 1;
export const TEXT = 2;
export const TRUTH = 3;
/** Lists and objects: as compact JSON. */
export const NESTED = 4;

/** More different fields than any table has; random names of fields must not fill the memory. */
export const MOST_FIELDS = 1_000;

/** Takes records apart into rows. Fields get their columns as they come: `names` grows. */
export interface RecordRows {
  readonly row: Row;
  readonly names: string[];
  /** Values of fields that came after the first 1,000 different ones. */
  leftOut(): number;
  /** Whether some record had the field, be it null. */
  wasSeen(column: number): boolean;
  set(record: Readonly<Record<string, unknown>>): void;
}

export function createRecordRows(declared: readonly string[], row: Row): RecordRows {
  const names = [...declared];
  const places = new Map(names.map((name, place) => [name, place]));
  const seen = new Uint8Array(MOST_FIELDS + declared.length);
  const order: string[] = [];
  const orderPlaces: (number | undefined)[] = [];
  let leftOut = 0;
  const bytes = { buffer: Buffer.alloc(4096), length: 0 };

  const placeOf = (name: string): number | undefined => {
    const known = places.get(name);
    if (known !== undefined || names.length >= MOST_FIELDS) return known;
    places.set(name, names.length);
    names.push(name);
    if (names.length > row.starts.length) grow(row);
    return names.length - 1;
  };

  return {
    row,
    names,
    leftOut: () => leftOut,
    wasSeen: (column) => seen[column] === 1,
    set(record) {
      row.flags.fill(NULL, 0, names.length);
      bytes.length = 0;
      let at = 0;
      for (const name of Object.keys(record)) {
        // Records of one kind mostly have their fields in one order.
        let place = order[at] === name ? orderPlaces[at] : undefined;
        if (place === undefined) {
          place = placeOf(name);
          order[at] = name;
          orderPlaces[at] = place;
        }
        at++;
        if (place === undefined) leftOut++;
        else {
          seen[place] = 1;
          setField(row, place, bytes, record[name]);
        }
      }
      if (row.bytes.buffer !== bytes.buffer.buffer || row.bytes.byteLength !== bytes.buffer.byteLength) setRowBytes(row, plainBytes(bytes.buffer));
      for (let place = 0; place < names.length; place++)
        if (row.flags[place] === PLAIN) row.hashes[place] = hashBytes(row.words, row.bytes, row.starts[place] as number, row.ends[place] as number);
    },
  };
}

const plainBytes = ({ buffer, byteOffset, byteLength }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

interface Bytes {
  buffer: Buffer;
  length: number;
}

function setField(row: Row, place: number, bytes: Bytes, value: unknown): void {
  if (value === null || value === undefined) {
    row.flags[place] = NULL;
    return;
  }
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const room = text.length * 3;
  if (bytes.buffer.length - bytes.length < room) bytes.buffer = grown(bytes, 2 * (bytes.length + room));
  const start = bytes.length;
  bytes.length = append(bytes.buffer, text, start);
  row.starts[place] = start;
  row.ends[place] = bytes.length;
  row.flags[place] = PLAIN;
  row.kinds[place] = kindOf(value);
}

const LOOPED = 64;

/** Where the text ends. A call out of JavaScript costs more than most texts do. */
function append(buffer: Buffer, text: string, start: number): number {
  if (text.length > LOOPED) return start + buffer.write(text, start);
  for (let n = 0; n < text.length; n++) {
    const code = text.charCodeAt(n);
    if (code > 0x7f) return start + buffer.write(text, start);
    buffer[start + n] = code;
  }
  return start + text.length;
}

function grown({ buffer, length }: Bytes, size: number): Buffer {
  // Not from the pool, whose memory it would share with others.
  const larger = Buffer.alloc(size);
  buffer.copy(larger, 0, 0, length);
  return larger;
}

function kindOf(value: unknown): number {
  if (typeof value === 'string') return TEXT;
  if (typeof value === 'number' || typeof value === 'bigint') return NUMBER;
  return typeof value === 'boolean' ? TRUTH : NESTED;
}

function grow(row: Row): void {
  const size = row.starts.length * 2 + 16;
  const longer = <Of extends Int32Array | Uint8Array>(to: Of, from: Of): Of => (to.set(from), to);
  row.starts = longer(new Int32Array(size), row.starts);
  row.ends = longer(new Int32Array(size), row.ends);
  row.hashes = longer(new Int32Array(size), row.hashes);
  row.flags = longer(new Uint8Array(size), row.flags);
  row.kinds = longer(new Uint8Array(size), row.kinds);
}
