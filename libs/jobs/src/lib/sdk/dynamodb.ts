export { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'; // by name, as in s3.ts
