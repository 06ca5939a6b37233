import type { Schedule } from '../types.js';

/** A job and the command that runs it for the time at which it is due. */
export interface JobCommand {
  /** Small letters, digits and `_`. */
  readonly job: string;
  readonly schedule: Schedule;
  /** The program, an absolute path, and its arguments. */
  readonly command: readonly [string, ...string[]];
}

/** Where commands run. Paths are absolute. */
export interface CommandPlace {
  readonly folder: string;
  /** `NAME=value`, a line each. Default: none is read but what the command itself reads in its folder. */
  readonly environmentFile?: string;
}

/** Jobs that can't be written as they are meant, each with the reason. */
export type Refused = readonly { readonly job: string; readonly reason: string }[];
