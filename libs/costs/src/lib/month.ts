import { totalOf, type CostLine, type Total } from './line.js';
import type { Prices } from './prices/types.js';
import { athenaCost, type AthenaMonth } from './services/athena.js';
import { cloudWatchCost, type CloudWatchMonth } from './services/cloudwatch.js';
import { dynamodbCost, type DynamoDbMonth } from './services/dynamodb.js';
import { onDemandCost, provisionedCost, type KinesisMonth, type ProvisionedMonth } from './services/kinesis.js';
import { lambdaCost, type LambdaMonth } from './services/lambda.js';
import { s3Cost, type S3Month } from './services/s3.js';
import { secretsManagerCost, type SecretsManagerMonth } from './services/secrets-manager.js';
import { stepFunctionsCost, type StepFunctionsMonth } from './services/step-functions.js';

/** What is used in a month; a service that is left out costs nothing. */
export interface Usage {
  readonly s3?: S3Month;
  readonly kinesis?: ({ readonly mode: 'provisioned' } & ProvisionedMonth) | ({ readonly mode: 'on_demand' } & KinesisMonth);
  readonly lambda?: LambdaMonth;
  readonly dynamodb?: DynamoDbMonth;
  readonly stepFunctions?: StepFunctionsMonth;
  readonly athena?: AthenaMonth;
  readonly secretsManager?: SecretsManagerMonth;
  readonly cloudWatch?: CloudWatchMonth;
}

export interface MonthCost extends Total {
  readonly currency: 'USD';
  readonly region: string;
  readonly prices_of: string;
  readonly lines: readonly CostLine[];
}

/** The month's lines, service by service, and their sum. @throws RangeError for a quantity that can't be */
export function monthCost(usage: Usage, prices: Prices): MonthCost {
  const { s3, kinesis, lambda, dynamodb, stepFunctions, athena, secretsManager, cloudWatch } = usage;
  const lines = [
    ...(s3 ? s3Cost(s3, prices.s3) : []),
    ...(kinesis ? streamCost(kinesis, prices) : []),
    ...(lambda ? lambdaCost(lambda, prices.lambda) : []),
    ...(dynamodb ? dynamodbCost(dynamodb, prices.dynamodb) : []),
    ...(stepFunctions ? stepFunctionsCost(stepFunctions, prices.stepFunctions) : []),
    ...(athena ? athenaCost(athena, prices.athena) : []),
    ...(secretsManager ? secretsManagerCost(secretsManager, prices.secretsManager) : []),
    ...(cloudWatch ? cloudWatchCost(cloudWatch, prices.cloudWatch) : []),
  ];
  return { currency: prices.currency, region: prices.region, prices_of: prices.as_of, lines, ...totalOf(lines) };
}

const streamCost = (kinesis: NonNullable<Usage['kinesis']>, prices: Prices): CostLine[] =>
  kinesis.mode === 'provisioned' ? provisionedCost(kinesis, prices.kinesis) : onDemandCost(kinesis, prices.kinesis);
