import { AwsError } from '../service.js';
import { invalidArgument, malformedXml } from './errors.js';
import { receiveDocument } from './receive.js';
import { emptyAnswer, type S3Handler, xmlAnswer } from './request.js';
import { list, parseXml, text, xmlDocument, type XmlNode } from './xml.js';

/** A document that belongs to a bucket: kept as it was given, and given back. */
interface Setting {
  /** The query parameter that names it. */
  readonly query: string;
  readonly get: string;
  readonly put: string;
  readonly remove?: string;
  /** The document's root element; none: it is JSON. */
  readonly root?: string;
  /** What GET says when there is none: an error, or a document. */
  readonly missing: { readonly code: string; readonly message: string } | { readonly document: string };
  readonly check?: (document: XmlNode) => void;
  /** Some writes answer 204. */
  readonly putStatus?: number;
}

const missing = (code: string, message: string): Setting['missing'] => ({ code, message });
const emptyDocument = (root: string): Setting['missing'] => ({ document: xmlDocument(root, {}) });

/** Every object is encrypted with the bucket's key of S3 unless the bucket says otherwise ("Setting default server-side encryption", since 2023). */
export const DEFAULT_ENCRYPTION = xmlDocument('ServerSideEncryptionConfiguration', {
  Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
});

/** What a new bucket has ("Default settings for new S3 buckets", since April 2023). */
export const NEW_BUCKET_SETTINGS: Readonly<Record<string, string>> = {
  publicAccessBlock: xmlDocument('PublicAccessBlockConfiguration', {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }),
  ownershipControls: xmlDocument('OwnershipControls', { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } }),
};

export const SETTINGS: readonly Setting[] = [
  {
    ...{ query: 'versioning', get: 'GetBucketVersioning', put: 'PutBucketVersioning', root: 'VersioningConfiguration' },
    missing: emptyDocument('VersioningConfiguration'),
    check: checkVersioning,
  },
  {
    ...{ query: 'lifecycle', get: 'GetBucketLifecycleConfiguration', put: 'PutBucketLifecycleConfiguration', remove: 'DeleteBucketLifecycle' },
    root: 'LifecycleConfiguration',
    missing: missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
    check: checkLifecycle,
  },
  {
    ...{ query: 'encryption', get: 'GetBucketEncryption', put: 'PutBucketEncryption', remove: 'DeleteBucketEncryption' },
    root: 'ServerSideEncryptionConfiguration',
    missing: { document: DEFAULT_ENCRYPTION },
    check: checkEncryption,
  },
  {
    ...{ query: 'publicAccessBlock', get: 'GetPublicAccessBlock', put: 'PutPublicAccessBlock', remove: 'DeletePublicAccessBlock' },
    root: 'PublicAccessBlockConfiguration',
    missing: missing('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'),
  },
  {
    ...{ query: 'tagging', get: 'GetBucketTagging', put: 'PutBucketTagging', remove: 'DeleteBucketTagging', putStatus: 204 },
    root: 'Tagging',
    missing: missing('NoSuchTagSet', 'The TagSet does not exist'),
    check: (document) => void tagsOf(document),
  },
  {
    ...{ query: 'policy', get: 'GetBucketPolicy', put: 'PutBucketPolicy', remove: 'DeleteBucketPolicy', putStatus: 204 },
    missing: missing('NoSuchBucketPolicy', 'The bucket policy does not exist'),
  },
  {
    ...{ query: 'ownershipControls', get: 'GetBucketOwnershipControls', put: 'PutBucketOwnershipControls', remove: 'DeleteBucketOwnershipControls' },
    root: 'OwnershipControls',
    missing: missing('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'),
  },
  {
    ...{ query: 'cors', get: 'GetBucketCors', put: 'PutBucketCors', remove: 'DeleteBucketCors', root: 'CORSConfiguration' },
    missing: missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
  },
  {
    ...{ query: 'notification', get: 'GetBucketNotificationConfiguration', put: 'PutBucketNotificationConfiguration' },
    root: 'NotificationConfiguration',
    missing: emptyDocument('NotificationConfiguration'),
  },
  {
    ...{ query: 'logging', get: 'GetBucketLogging', put: 'PutBucketLogging', root: 'BucketLoggingStatus' },
    missing: emptyDocument('BucketLoggingStatus'),
  },
];

/** The handlers of all settings' operations. */
export const settingHandlers: Readonly<Record<string, S3Handler>> = Object.fromEntries(
  SETTINGS.flatMap((setting) => [
    [setting.get, getter(setting)],
    [setting.put, setter(setting)],
    ...(setting.remove === undefined ? [] : [[setting.remove, remover(setting)] as const]),
  ]),
);

function getter(setting: Setting): S3Handler {
  return async ({ bucket }, store) => {
    const value = store.bucket(bucket).settings.get(setting.query);
    if (value !== undefined)
      return setting.root === undefined ? { ...xmlAnswer(value), headers: { 'content-type': 'application/json' } } : xmlAnswer(value);
    if ('document' in setting.missing) return xmlAnswer(setting.missing.document);
    throw new AwsError(setting.missing.code, setting.missing.message, 404, { BucketName: bucket });
  };
}

function setter(setting: Setting): S3Handler {
  return async (request, store) => {
    store.bucket(request.bucket);
    const value = await receiveDocument(request);
    if (setting.root === undefined) checkJson(value);
    else {
      const document = parseXml(value, setting.root);
      setting.check?.(document);
    }
    const { bucket } = request;
    return store.commit(bucket, '', () => ({
      entry: { t: 'setting', bucket, name: setting.query, value },
      result: emptyAnswer(setting.putStatus ?? 200),
    }));
  };
}

function remover(setting: Setting): S3Handler {
  return async ({ bucket }, store) =>
    store.commit(bucket, '', (state) => ({
      entry: state.settings.has(setting.query) ? { t: 'setting', bucket, name: setting.query, value: null } : undefined,
      result: emptyAnswer(204),
    }));
}

function checkJson(value: string): void {
  try {
    JSON.parse(value);
  } catch {
    throw new AwsError('MalformedPolicy', 'This policy contains invalid Json', 400);
  }
}

function checkVersioning(document: XmlNode): void {
  const status = text(document, 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified', 400);
  }
}

const LIFECYCLE_ACTIONS = [
  ...['Expiration', 'Transition', 'NoncurrentVersionExpiration', 'NoncurrentVersionTransition', 'AbortIncompleteMultipartUpload'],
];

function checkLifecycle(document: XmlNode): void {
  const rules = list(document, 'Rule');
  if (rules.length === 0) throw malformedXml();
  for (const rule of rules) {
    const scoped = list(rule, 'Filter').length + list(rule, 'Prefix').length === 1;
    const status = text(rule, 'Status');
    if (!scoped || (status !== 'Enabled' && status !== 'Disabled')) throw malformedXml();
    if (LIFECYCLE_ACTIONS.every((action) => list(rule, action).length === 0)) {
      throw new AwsError('InvalidRequest', 'At least one action needs to be specified in a rule', 400);
    }
  }
  const ids = rules.map((rule) => text(rule, 'ID')).filter((id) => id !== undefined);
  if (new Set(ids).size < ids.length) throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID', String(ids[0]));
}

function checkEncryption(document: XmlNode): void {
  const [rule] = list(document, 'Rule');
  const algorithm = text(list(rule, 'ApplyServerSideEncryptionByDefault')[0], 'SSEAlgorithm');
  if (algorithm === undefined || !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm)) throw malformedXml();
}

/** The tags of a `Tagging` document. Throws `InvalidTag` for a key given twice or too long. */
export function tagsOf(document: XmlNode): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const tag of list(list(document, 'TagSet')[0], 'Tag')) {
    const [key, value] = [text(tag, 'Key'), text(tag, 'Value') ?? ''];
    if (key === undefined) throw malformedXml();
    if (key in tags) throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key', 400);
    if (key === '' || key.length > 128) throw new AwsError('InvalidTag', 'The TagKey you have provided is invalid', 400);
    if (value.length > 256) throw new AwsError('InvalidTag', 'The TagValue you have provided is invalid', 400);
    tags[key] = value;
  }
  return tags;
}
