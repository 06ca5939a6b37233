import { RevisionConflictError } from '@loadin/pipeline';
import { expectThat } from '../check.js';

export function expectConflict(error: unknown): void {
  expectThat(error instanceof RevisionConflictError, `expected a RevisionConflictError, found ${String(error)}`);
}
