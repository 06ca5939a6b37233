import type { StackDefinition } from '@loadin/infrastructure/cdk';
import { storageStack } from './src/stacks/storage.js';

/** What several apps share, a stack for each lifecycle. */
export const stacks: readonly StackDefinition[] = [storageStack];
