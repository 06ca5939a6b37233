/* By name, as in sdk/s3.ts; apart from what a run uses, so that functions do not carry it. */
export { paginateListObjectsV2 } from '@aws-sdk/client-s3';
