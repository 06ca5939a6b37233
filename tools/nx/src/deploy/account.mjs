// Whose credentials these are, before specifications run and anything is called.
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { awsClientOptions, awsEndpointsOf, toLoadinError } from '@loadin/aws';
import { refuseOtherAccount } from '@loadin/infrastructure';
import { oneLine } from '@loadin/resilience';
import { DeployError } from './deploy-error.mjs';

/**
 * @param {import('@loadin/infrastructure').EnvironmentSettings} settings
 * @param {{ file: string }} request
 * @throws {DeployError} when the credentials are of another account than the environment, or there are none
 */
export async function checkAccount(settings, { file }) {
  const { sts: options } = awsClientOptions({ region: settings.region, endpoint: awsEndpointsOf(process.env) });
  const sts = new STSClient(options);
  try {
    const { Account: account } = await sts.send(new GetCallerIdentityCommand({}));
    refuseOtherAccount({ account, endpoint: options.endpoint }, settings);
  } catch (error) {
    throw new DeployError(oneLine(toLoadinError(error, { service: 'STS', operation: 'GetCallerIdentity', resource: file })));
  } finally {
    sts.destroy();
  }
}
