import { ROWS_MODULE } from './rows-module.js';

/** The functions of rows.wat, and their memory. */
export interface RowKernel {
  readonly bytes: Uint8Array;
  /** The same memory. */
  readonly words: Int32Array;
  split(at: number, end: number, starts: number, ends: number, escaped: number, most: number): number;
  json(plan: number, planEnd: number, starts: number, ends: number, escaped: number, out: number): number;
  string(out: number, at: number, end: number, escape: number): number;
  pad(start: number, end: number): number;
  md5(first: number, ends: number, count: number, digests: number): void;
}

/** What is there of it in every Node; the types of TypeScript have it with those of browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const PAGE = 64 * 1024;
/** The module's own. */
const FIRST = 1024;
/** It reads and writes sixteen bytes where it needs one. */
const BEHIND = 16;

let compiled: object | undefined;

/** An instance with a memory in which these sizes have places. Answers those as well. */
export function rowKernel<Name extends string>(
  sizes: Readonly<Record<Name, number>>,
): { readonly kernel: RowKernel; readonly places: Record<Name, number> } {
  const places = {} as Record<Name, number>;
  let end = FIRST;
  for (const name of Object.keys(sizes) as Name[]) {
    places[name] = end;
    end += (sizes[name] + BEHIND + 15) & ~15;
  }
  const pages = Math.ceil(end / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  compiled ??= new WebAssembly.Module(Buffer.from(ROWS_MODULE, 'base64'));
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } });
  const { split, json, string, pad, md5 } = exports as Omit<RowKernel, 'bytes' | 'words'>;
  return { kernel: { bytes: new Uint8Array(memory.buffer), words: new Int32Array(memory.buffer), split, json, string, pad, md5 }, places };
}
