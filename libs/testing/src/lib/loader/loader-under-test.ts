import type { Load, Loader } from '@loadin/pipeline';

/** A loader, what it is asked for, and what a reader sees of it. */
export interface LoaderUnderTest {
  readonly loader: Loader;
  /** The same in every attempt. */
  readonly load: Load;
  /** Ids of the source's rows that can be delivered, and how many of its rows can't. */
  readonly ids: readonly string[];
  readonly rejected: number;
  /** Ids of all rows that a reader sees at this moment, read with other means than the loader's. */
  seen(): Promise<readonly string[]>;
  /** Lines of the dead letters that a reader sees at this moment. */
  letters(): Promise<readonly string[]>;
  /** Another loader for the same source and target, as another process has it. */
  another(): Loader | Promise<Loader>;
  /** Changes the source: other rows than before. Without it what needs it is not checked. */
  readonly change?: () => void | Promise<void>;
  /** What the next run of the same job asks for. With it a loader that has a `history` is held to that; without it what needs it is not checked. */
  readonly later?: Load;
  /** A loader as `another`, of a process that is killed right after it has committed: its load never ends, or fails. Without it what needs it is not checked. */
  readonly killed?: () => Loader | Promise<Loader>;
  close?(): void | Promise<void>;
}

export type MakeLoader = () => Promise<LoaderUnderTest>;

export interface LoaderChecksOptions {
  /** How long a cancelled load may take to end, real milliseconds. Default: 2,000. */
  readonly promptMs?: number;
}
