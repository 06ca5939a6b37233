/** A value of Thrift's compact protocol: numbers, truths, bytes, lists, and structures by the ids of their fields. */
export type Thrift = number | boolean | Uint8Array | readonly Thrift[] | ThriftFields;
export type ThriftFields = ReadonlyMap<number, Thrift>;

interface Place {
  readonly bytes: Uint8Array;
  at: number;
}

const [STOP, TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT] = [0, 1, 2, 3, 7, 8, 9, 10, 12];

/** Reads the structure at `at`. Throws `RangeError` for bytes that are none. */
export function readStruct(bytes: Uint8Array, at: number): { readonly fields: ThriftFields; readonly end: number } {
  const place = { bytes, at };
  const fields = struct(place);
  return { fields, end: place.at };
}

function struct(place: Place): ThriftFields {
  const fields = new Map<number, Thrift>();
  let id = 0;
  for (let head = byte(place); head !== STOP; head = byte(place)) {
    id = head >> 4 === 0 ? zigzag(place) : id + (head >> 4);
    const type = head & 15;
    fields.set(id, type === TRUE || type === FALSE ? type === TRUE : value(place, type));
  }
  return fields;
}

function value(place: Place, type: number): Thrift {
  if (type === TRUE || type === FALSE) return byte(place) === TRUE;
  if (type === BYTE) return byte(place);
  if (type > BYTE && type < DOUBLE) return zigzag(place);
  if (type === DOUBLE) return skipped(place, 8);
  if (type === BINARY) return skipped(place, varint(place));
  if (type === LIST || type === SET) return list(place);
  if (type === STRUCT) return struct(place);
  throw new RangeError(`there is no type ${type} in Parquet`);
}

function list(place: Place): Thrift[] {
  const head = byte(place);
  const count = head >> 4 === 15 ? varint(place) : head >> 4;
  if (count > place.bytes.length - place.at) throw new RangeError('a list is longer than the file');
  return Array.from({ length: count }, () => value(place, head & 15));
}

function byte(place: Place): number {
  if (place.at >= place.bytes.length) throw new RangeError('the bytes end inside a structure');
  return place.bytes[place.at++] ?? 0;
}

function skipped(place: Place, length: number): Uint8Array {
  if (length > place.bytes.length - place.at) throw new RangeError('the bytes end inside a value');
  return place.bytes.subarray(place.at, (place.at += length));
}

function varint(place: Place): number {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const next = byte(place);
    value += (next & 127) * factor;
    if (next < 128) return value;
  }
}

const zigzag = (place: Place): number => {
  const number = varint(place);
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
};
