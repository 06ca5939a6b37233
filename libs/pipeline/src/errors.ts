import { LoadinError } from '@loadin/resilience';

/** Somebody else changed a state item in between. The caller reads it again and decides. */
export class RevisionConflictError extends LoadinError {
  readonly action = 'stop';
}
