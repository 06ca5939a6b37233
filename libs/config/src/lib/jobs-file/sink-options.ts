import { Field, type FieldRule } from './field.js';
import { mappingOf } from './inside.js';
import { mapping, oneOf, text, yesOrNo } from './rules.js';

/** "Categorizing your objects using tags" (Amazon S3 User Guide): letters, digits, spaces and _.:/=+-@. Editors know no classes of letters: what is not ASCII passes here. */
const TAG_CHARACTERS = '[^\\u0000-\\u001f\\u007f!"#$%&\'()*,;<>?\\[\\\\\\]^`{|}~]';
const TAG_NAME = `^${TAG_CHARACTERS}{1,128}$`;
const TAG_VALUE = `^${TAG_CHARACTERS}{0,256}$`;
const MAX_TAGS = 10;

const tags: FieldRule = {
  expected: `a mapping of at most ${MAX_TAGS} tag names to texts (letters, digits, spaces and _.:/=+-@; other values in quotes)`,
  holds: (value) => mapping().holds(value) && areTags(Object.entries(value as object)),
  schema: {
    type: 'object',
    maxProperties: MAX_TAGS,
    propertyNames: { pattern: TAG_NAME },
    additionalProperties: { type: 'string', pattern: TAG_VALUE },
  },
};

function areTags(entries: readonly (readonly [string, unknown])[]): boolean {
  const [name, value] = [new RegExp(TAG_NAME), new RegExp(TAG_VALUE)];
  return entries.length <= MAX_TAGS && entries.every(([key, one]) => name.test(key) && typeof one === 'string' && value.test(one));
}

const kmsKey = {
  description: 'Encrypt the objects with this KMS key: its id, ARN or alias. Without it they are encrypted as the bucket says.',
  ...text('^\\S+$', 'the id, ARN or alias of a KMS key'),
};
const objectTags = { description: 'Object tags, for rules of lifecycle, cost and access.', ...tags };
const storageClass = {
  description: 'The storage class of the objects: one that can be read at once.',
  ...oneOf('STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'),
};
type StorageClass = 'STANDARD' | 'STANDARD_IA' | 'ONEZONE_IA' | 'INTELLIGENT_TIERING' | 'GLACIER_IR';

/** How raw objects are kept. */
export class S3RawOptions {
  @Field({ description: 'Compress the objects; their names end in .json.gz then. Change it between runs, not within one.', ...yesOrNo })
  gzip?: boolean;

  @Field(kmsKey)
  kms_key?: string;

  @Field(objectTags)
  tags?: Record<string, string>;

  @Field(storageClass)
  storage_class?: StorageClass;
}

/** How Parquet files are kept. */
export class S3BronzeOptions {
  @Field({ description: 'Of the files of all streams that do not say it themselves. Default zstd.', ...oneOf('zstd', 'snappy') })
  compression?: 'zstd' | 'snappy';

  @Field(kmsKey)
  kms_key?: string;

  @Field(objectTags)
  tags?: Record<string, string>;

  @Field(storageClass)
  storage_class?: StorageClass;
}

/** The options of each sink that has some, by its name. */
export class SinkOptions {
  @Field({ description: 'Raw objects in the lake.', ...mappingOf({ type: S3RawOptions }) })
  s3_raw?: S3RawOptions;

  @Field({ description: 'Parquet files in the lake, of tables and of APIs that are read like tables.', ...mappingOf({ type: S3BronzeOptions }) })
  s3_bronze?: S3BronzeOptions;
}
