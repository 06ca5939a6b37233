import { AwsError } from '../service.js';
import type { Secret, SecretVersion } from './types.js';

/** Secrets Manager keeps about 100 versions; those without a stage go first. */
const KEPT_VERSIONS = 100;

/**
 * The secret with one more version. The new version takes its stages from the version that has them; the version that was current becomes `AWSPREVIOUS`.
 * A repeated request (same token, same value) changes nothing; the same token with another value is refused.
 */
export function addVersion(
  secret: Secret,
  id: string,
  value: { text?: string; binary?: string },
  now: number,
  stages: readonly string[] = ['AWSCURRENT'],
): Secret {
  const existing = secret.versions.find((version) => version.id === id);
  if (existing) {
    if (existing.text === value.text && existing.binary === value.binary) return secret;
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const current = secret.versions.find((version) => version.stages.includes('AWSCURRENT'));
  const taken = new Set(stages);
  // Only a move of AWSCURRENT moves AWSPREVIOUS.
  const moved = taken.has('AWSCURRENT') && current !== undefined;
  const older = secret.versions.map((version) => {
    const kept = version.stages.filter((stage) => !taken.has(stage) && !(moved && stage === 'AWSPREVIOUS'));
    return { ...version, stages: moved && version === current ? [...kept, 'AWSPREVIOUS'] : kept };
  });
  return { ...secret, changed: now, versions: pruned([...older, { id, stages: [...taken], created: now, ...value }]) };
}

function pruned(versions: readonly SecretVersion[]): readonly SecretVersion[] {
  let surplus = versions.length - KEPT_VERSIONS;
  return versions.filter((version) => version.stages.length > 0 || surplus-- <= 0);
}

/** @throws AwsError `ResourceNotFoundException` when there is no such version. */
export function findVersion(secret: Secret, id: string | undefined, stage: string | undefined): SecretVersion {
  const label = stage ?? (id === undefined ? 'AWSCURRENT' : undefined);
  const version = secret.versions.find((v) => (id === undefined || v.id === id) && (label === undefined || v.stages.includes(label)));
  if (version) return version;
  const what = id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;
  throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${what}`);
}
