import type { Drift } from '../drift/types.js';
import type { Profile } from '../profile/types.js';

export interface DrawOptions {
  /** The entity's load before, and what has changed since. Default: none. */
  readonly before?: { readonly profile: Profile; readonly drift: readonly Drift[] };
  /** Rows of loads of the same kind, oldest first, the drawn one last. Default: none. */
  readonly rowsOfLoads?: readonly number[];
  /** Colours. Default: none, as for a pipe. */
  readonly paint?: Paint;
}

export interface Paint {
  readonly quiet: (text: string) => string;
  readonly warning: (text: string) => string;
}
