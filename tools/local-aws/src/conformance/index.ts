export { makeClients, type ConformanceClients, type ConformanceEndpoints } from './clients.js';
export { dynamodbChecks } from './dynamodb.js';
export { kinesisChecks } from './kinesis.js';
export { s3Checks } from './s3.js';
export { secretsChecks } from './secrets.js';
