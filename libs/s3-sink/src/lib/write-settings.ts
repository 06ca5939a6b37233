import { PutObjectCommand, type CreateMultipartUploadCommandInput, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import { FatalError } from '@loadin/resilience';

/** How objects are kept: the same for all that a sink or store writes. */
export interface WriteSettings {
  /**
   * Encrypts with this KMS key (id, ARN or alias). Default: as the bucket says. The bucket's own key setting (`bucketKey`, default `true`) saves nearly
   * all calls to KMS. Reading checksums of such objects needs `kms:Decrypt`.
   */
  readonly kms?: { readonly keyId: string; readonly bucketKey?: boolean };
  /** Object tags, at most 10; for lifecycle rules, cost reports and access rules. Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Default: `STANDARD`. Only classes that can be read at once: readers and a later attempt need the objects. */
  readonly storageClass?: ReadableStorageClass;
}

export type ReadableStorageClass = 'STANDARD' | 'STANDARD_IA' | 'ONEZONE_IA' | 'INTELLIGENT_TIERING' | 'GLACIER_IR';

/** S3 verifies it before it stores a whole object. Asked for by name, so that it is sent whatever the client's settings are; Node has it built in. */
export const PUT_CHECKSUM = 'CRC32' as const;

type Common = keyof PutObjectCommandInput & keyof CreateMultipartUploadCommandInput;
export type SettingsInput = Pick<
  PutObjectCommandInput,
  Extract<Common, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'BucketKeyEnabled' | 'Tagging' | 'StorageClass'>
>;

const CLASSES: readonly string[] = ['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'] satisfies ReadableStorageClass[];
/** "Categorizing your objects using tags", Amazon S3 User Guide: length in UTF-16 units, and what may be in it. */
const [MAX_TAGS, MAX_TAG_KEY, MAX_TAG_VALUE] = [10, 128, 256];
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The settings as members of a request. Throws `FatalError` for what S3 would refuse at the first write. */
export function settingsInput({ kms, tags = {}, storageClass }: WriteSettings): SettingsInput {
  if (kms?.keyId.trim() === '') throw wrong('The KMS key has no id', 'Give its id, ARN or alias, or leave kms away.');
  if (storageClass !== undefined && !CLASSES.includes(storageClass))
    throw wrong(`"${storageClass}" can't be the storage class`, `Use one of ${CLASSES.join(', ')}.`);
  const pairs = Object.entries(tags);
  if (pairs.length > MAX_TAGS) throw wrong(`An object has at most ${MAX_TAGS} tags; these are ${pairs.length}`, 'Leave some away.');
  const bad = pairs.find(([key, value]) => key === '' || key.length > MAX_TAG_KEY || value.length > MAX_TAG_VALUE || !TAG_TEXT.test(key + value));
  if (bad !== undefined)
    throw wrong(
      `The tag "${bad[0]}" is not one of S3`,
      `Names have 1 to ${MAX_TAG_KEY} characters, values up to ${MAX_TAG_VALUE}: letters, digits, spaces and _.:/=+-@`,
    );
  return {
    ...(kms && { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kms.keyId, BucketKeyEnabled: kms.bucketKey ?? true }),
    ...(pairs.length > 0 && { Tagging: pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&') }),
    ...(storageClass !== undefined && { StorageClass: storageClass }),
  };
}

const wrong = (message: string, hint: string): FatalError => new FatalError(message, { hint });

/** The same client, whose puts have the settings: whatever writes with it, a first write or a replacement, they can't be forgotten. */
export function puttingWith(client: S3Client, settings: SettingsInput): S3Client {
  if (Object.keys(settings).length === 0) return client;
  type AnyCommand = Parameters<S3Client['send']>[0];
  const send = (command: AnyCommand, ...rest: never[]) =>
    client.send(command instanceof PutObjectCommand ? (new PutObjectCommand({ ...command.input, ...settings }) as AnyCommand) : command, ...rest);
  return Object.create(client, { send: { value: send } }) as S3Client;
}
