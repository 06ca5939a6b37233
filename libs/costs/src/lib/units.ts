/** AWS counts in powers of two: of S3 "Amazon S3 FAQs" (1 GB is 1,073,741,824 bytes), of Kinesis its pricing page (1 KB is 1,024 bytes). */
export const KB = 1_024;
export const MB = 1_024 * KB;
export const GB = 1_024 * MB;
export const TB = 1_024 * GB;

export const HOURS_PER_DAY = 24;
/** A month as prices "per month" are mostly reckoned with: 30 days, 720 hours. */
export const DAYS_PER_MONTH = 30;
