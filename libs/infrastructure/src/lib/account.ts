import { FatalError } from '@loadin/resilience';
import type { EnvironmentSettings } from './environments/types.js';

/** Whose credentials a command has. */
export interface CallerIdentity {
  /** As `GetCallerIdentity` of STS answers: twelve digits; a local stack says 000000000000. */
  readonly account: string | undefined;
  /** Where STS was asked, if not at AWS. */
  readonly endpoint?: string | undefined;
}

/** @throws FatalError when credentials are of another account than the one that the environment is in */
export function refuseOtherAccount({ account, endpoint }: CallerIdentity, environment: Pick<EnvironmentSettings, 'name' | 'account'>): void {
  if (account === environment.account) return;
  const local = endpoint === undefined ? '' : `; a local stack is not deployed to: unset AWS_ENDPOINT_URL and its keys`;
  throw new FatalError(`These credentials are of account ${account ?? 'unknown'}, and environment ${environment.name} is in ${environment.account}`, {
    where: `environments.${environment.name}.account`,
    hint: `Take that account's (aws sso login, AWS_PROFILE)${local}.`,
  });
}
