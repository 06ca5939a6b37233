import type { S3Check } from './s3-bucket.js';
import { s3BucketChecks } from './s3-buckets.js';
import { s3ChecksumChecks } from './s3-checksums.js';
import { s3ConditionChecks } from './s3-conditions.js';
import { s3CopyChecks } from './s3-copying.js';
import { s3ListingChecks } from './s3-listing.js';
import { s3MultipartChecks } from './s3-multipart.js';
import { s3ObjectChecks } from './s3-objects.js';
import { s3SettingChecks } from './s3-settings.js';
import { s3VersioningChecks } from './s3-versioning.js';

/** S3, by its API reference and user guide. */
export const s3Checks: readonly S3Check[] = [
  ...s3BucketChecks,
  ...s3ObjectChecks,
  ...s3ConditionChecks,
  ...s3ChecksumChecks,
  ...s3ListingChecks,
  ...s3MultipartChecks,
  ...s3CopyChecks,
  ...s3VersioningChecks,
  ...s3SettingChecks,
];
