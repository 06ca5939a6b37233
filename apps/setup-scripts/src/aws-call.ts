import { awsErrorCode, toLoadinError, type AwsOperation } from '@loadin/aws';

/** Calls of one resource: errors come as `LoadinError`s that name it. */
export type AwsCall = <Result>(operation: string, send: () => Promise<Result>) => Promise<Result>;

export function callsOf(service: AwsOperation['service'], resource: string): AwsCall {
  return async (operation, send) => {
    try {
      return await send();
    } catch (error) {
      throw toLoadinError(error, { service, operation, resource });
    }
  };
}

/** The result, or undefined when the service answers one of these error codes: there is no such thing, or there is one already. */
export async function unless<Result>(codes: readonly string[], send: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await send();
  } catch (error) {
    if (codes.includes(awsErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
