import { StopError, type Load } from '@loadin/pipeline';

/** Another run has committed since this one has begun to read, or goes on without it. Nothing of this attempt is published, and it can begin anew. */
export class OvertakenError extends StopError {}

export const overtaken = ({ stream, job }: Pick<Load, 'stream' | 'job'>, by: string | undefined, cause?: unknown): OvertakenError =>
  new OvertakenError(`Another run of ${job}${by === undefined ? '' : ` (${by})`} has loaded ${stream} at the same time`, {
    reason: 'lease',
    where: stream,
    hint: 'Nothing of this load was published. The same command begins anew, after what that run has delivered.',
    ...(cause !== undefined && { cause }),
  });
