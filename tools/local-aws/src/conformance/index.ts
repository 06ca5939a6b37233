export { makeClients, type ConformanceClients, type ConformanceEndpoints } from './clients.js';
export { dynamodbChecks } from './dynamodb.js';
export { kinesisChecks } from './kinesis.js';
export { secretsChecks } from './secrets.js';
