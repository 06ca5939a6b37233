import type { RowRoom } from '@loadin/bronze-writer';

/** Memory for rows that wait, of all loads of the process together. The writer is not loaded before the first of them asks. */
export type SharedRoom = () => Promise<RowRoom>;

export function createSharedRoom(bytes: number): SharedRoom {
  let room: Promise<RowRoom> | undefined;
  return () => (room ??= import('./writer-parts.js').then(({ createRowRoom }) => createRowRoom(bytes)));
}
