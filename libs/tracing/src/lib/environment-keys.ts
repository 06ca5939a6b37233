import type { AwsKeys, TracingOptions } from './types.js';

/** The keys that stand in the environment. Rejects when there are none. */
export const environmentKeys = (env: TracingOptions['env']) => async (): Promise<AwsKeys> => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
  if (!accessKeyId || !secretAccessKey) throw new Error('X-Ray wants signed requests, and there is no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
};
