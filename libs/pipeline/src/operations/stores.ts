import type { ObjectStore } from '../ports/object-store.js';
import type { StateStore } from '../ports/state-store.js';

/** Where everything lies that an operator can ask about. */
export interface Stores {
  readonly lake: ObjectStore;
  readonly state: StateStore;
}
