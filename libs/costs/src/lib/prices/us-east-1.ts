import { KB, MB } from '../units.js';
import type { Prices, StorageClassPrices } from './types.js';

const noOverhead = { here: 0, standard: 0 };
/** Index and name of an archived object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
const archived = { here: 32 * KB, standard: 8 * KB };
const flat = (price: number): StorageClassPrices['gbMonth'] => [{ upTo: Infinity, price }];

/**
 * List prices of Northern Virginia, without taxes. This file is the only place where a price stands. Every price of a service stands on its `source`; where a rule of
 * counting stands on another page, that is named beside it. Left out, because no load here comes near: the lower tiers of Lambda's duration (beyond 6 billion GB seconds a
 * month; 7.5 billion on arm), of logs beyond 10 TB and of metrics beyond 10,000.
 */
export const US_EAST_1: Prices = {
  region: 'us-east-1',
  as_of: '2025-07-21',
  currency: 'USD',
  s3: {
    source: 'https://aws.amazon.com/s3/pricing/',
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
    leastBytesMoved: 128 * KB,
    classes: {
      standard: {
        gbMonth: [
          { upTo: 50 * 1_024, price: 0.023 },
          { upTo: 500 * 1_024, price: 0.022 },
          { upTo: Infinity, price: 0.021 },
        ],
        put: 0.005 / 1_000,
        get: 0.0004 / 1_000,
        transition: 0,
        retrievalGb: 0,
        leastBytes: 0,
        overheadBytes: noOverhead,
        leastDays: 0,
      },
      standard_ia: {
        gbMonth: flat(0.0125),
        put: 0.01 / 1_000,
        get: 0.001 / 1_000,
        transition: 0.01 / 1_000,
        retrievalGb: 0.01,
        leastBytes: 128 * KB,
        overheadBytes: noOverhead,
        leastDays: 30,
      },
      glacier_instant: {
        gbMonth: flat(0.004),
        put: 0.02 / 1_000,
        get: 0.01 / 1_000,
        transition: 0.02 / 1_000,
        retrievalGb: 0.03,
        leastBytes: 128 * KB,
        overheadBytes: noOverhead,
        leastDays: 90,
      },
      glacier_flexible: {
        gbMonth: flat(0.0036),
        put: 0.03 / 1_000,
        get: 0.0004 / 1_000,
        transition: 0.03 / 1_000,
        retrievalGb: 0.01,
        leastBytes: 0,
        overheadBytes: archived,
        leastDays: 90,
      },
      deep_archive: {
        gbMonth: flat(0.00099),
        put: 0.05 / 1_000,
        get: 0.0004 / 1_000,
        transition: 0.05 / 1_000,
        retrievalGb: 0.02,
        leastBytes: 0,
        overheadBytes: archived,
        leastDays: 180,
      },
    },
  },
  kinesis: {
    source: 'https://aws.amazon.com/kinesis/data-streams/pricing/',
    provisioned: {
      shardHour: 0.015,
      payloadUnit: 0.014 / 1_000_000,
      payloadUnitBytes: 25 * KB,
      extendedShardHour: 0.02,
      fanOutShardHour: 0.015,
      fanOutGb: 0.013,
    },
    onDemand: { streamHour: 0.04, gbIn: 0.08, roundedBytes: KB, gbOut: 0.04, fanOutGb: 0.05, extendedGbMonth: 0.1 },
    longTermGbMonth: 0.023,
  },
  lambda: {
    source: 'https://aws.amazon.com/lambda/pricing/',
    request: 0.2 / 1_000_000,
    gbSecond: { x86: 0.0000166667, arm: 0.0000133334 },
    provisioned: {
      x86: { gbSecondKept: 0.0000041667, gbSecond: 0.0000097222 },
      arm: { gbSecondKept: 0.0000033334, gbSecond: 0.0000077778 },
    },
    free: { requests: 1_000_000, gbSeconds: 400_000 },
  },
  dynamodb: {
    // Requests were halved on 1 November 2024: https://aws.amazon.com/blogs/aws/amazon-dynamodb-on-demand-no-capacity-planning-and-pay-per-request-pricing/ (as of 2025)
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    writeUnit: 0.625 / 1_000_000,
    readUnit: 0.125 / 1_000_000,
    gbMonth: 0.25,
    pointInTimeGbMonth: 0.2,
    free: { gbMonths: 25 },
  },
  // What counts: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-transitions.html
  stepFunctions: { source: 'https://aws.amazon.com/step-functions/pricing/', transition: 0.025 / 1_000, free: { transitions: 4_000 } },
  athena: { source: 'https://aws.amazon.com/athena/pricing/', tbScanned: 5, leastBytes: 10 * MB },
  secretsManager: { source: 'https://aws.amazon.com/secrets-manager/pricing/', secretMonth: 0.4, call: 0.05 / 10_000 },
  cloudWatch: {
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
    logGb: 0.5,
    logGbMonth: 0.03,
    logKeptShare: 0.15,
    metricMonth: 0.3,
    alarmMonth: 0.1,
    dashboardMonth: 3,
    free: { logGb: 5, metrics: 10, alarms: 10, dashboards: 3 },
  },
};
