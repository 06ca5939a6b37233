import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { conditionChecks } from './dynamodb-conditions.js';
import { itemChecks } from './dynamodb-items.js';

/** The part of DynamoDB that the state store and its like rely on, by its API reference. */
export const dynamodbChecks: readonly ConformanceCheck<ConformanceClients>[] = [...itemChecks, ...conditionChecks];
