import type { StackDefinition } from '@loadin/infrastructure/cdk';
import { catalogueStack } from './src/stacks/catalogue.js';
import { networkStack } from './src/stacks/network.js';
import { observabilityStack } from './src/stacks/observability.js';
import { storageStack } from './src/stacks/storage.js';
import { streamingStack } from './src/stacks/streaming.js';

/** What several apps share, a stack for each lifecycle. */
export const stacks: readonly StackDefinition[] = [storageStack, streamingStack, networkStack, catalogueStack, observabilityStack];
