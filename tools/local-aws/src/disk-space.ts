import type { FileHandle } from 'node:fs/promises';
import { sep } from 'node:path';

/** Folders on whose disk no room is left, because somebody asked for that. */
const full = new Set<string>();

/** The disk of a data directory, as a test may want it. */
export interface DiskSpace {
  /** While it is true, whatever is written below the directory ends half-way with ENOSPC, as on a full disk. Reading goes on. */
  full: boolean;
}

export function diskSpace(dataDir: string): DiskSpace {
  return {
    get full() {
      return full.has(dataDir);
    },
    set full(wanted) {
      if (wanted) full.add(dataDir);
      else full.delete(dataDir);
    },
  };
}

export const isFull = (path: string): boolean => [...full].some((folder) => path.startsWith(folder + sep));

/** Appends. On a disk that is full it leaves half of the bytes behind, as the system may, and throws ENOSPC. */
export async function append(file: FileHandle, path: string, bytes: string | Uint8Array): Promise<void> {
  if (!isFull(path)) return file.appendFile(bytes);
  await file.appendFile(bytes.slice(0, bytes.length >> 1));
  throw noSpace(path);
}

export const noSpace = (path: string): Error => Object.assign(new Error(`ENOSPC: no space left on device, write '${path}'`), { code: 'ENOSPC' });
