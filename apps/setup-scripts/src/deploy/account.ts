import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { refuseOtherAccount, type EnvironmentSettings } from '@loadin/infrastructure';
import { callsOf } from '../aws-call.js';
import type { Clients } from '../clients.js';

/**
 * Asks STS whose credentials these are, which every caller may.
 * @throws FatalError for those of another account than the environment's, and when there are none
 */
export async function checkAccount(environment: EnvironmentSettings, { sts, endpoint }: Pick<Clients, 'sts' | 'endpoint'>): Promise<void> {
  const call = callsOf('STS', `environments.${environment.name}.account`);
  const { Account: account } = await call('GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({})));
  refuseOtherAccount({ account, endpoint }, environment);
}
