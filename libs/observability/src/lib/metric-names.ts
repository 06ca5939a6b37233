/** The namespace of all metrics of the pipeline. */
export const PIPELINE_NAMESPACE = 'ConcertDataPipeline';

/** What runs and the consumer of the stream tell CloudWatch, by name. Alarms are made of these, so a name never changes. */
export const PIPELINE_METRICS = {
  /** By DataType and Source: accepted records of a complete run. */
  recordsIngested: 'RecordsIngested',
  /** By DataType and Source: what the transforms of a run rejected. `RecordsRejected` is what the consumer of the stream did. */
  recordsRejected: 'SourceRecordsRejected',
  /** By DataType and Source, and by Job: records that a sink did not take. */
  deadLetters: 'DeadLetters',
  /** By DataType and Source, milliseconds. */
  processingTime: 'ProcessingTime',
  /** By DataType and Source: how old what has been read is, seconds; told at the end of every run of any job. */
  freshness: 'FreshnessSeconds',
  /** By Source: calls that failed, most of which were repeated with success. */
  apiErrors: 'ApiErrors',
  /** By Source: percent of a day's calls that are spent. */
  quotaUsed: 'QuotaUsed',
  /** By Sink: percent of the records that it took. */
  uploadSuccess: 'UploadSuccess',
  /** By Job: 1 when a run ended so, else 0. */
  runsCompleted: 'RunsCompleted',
  runsFailed: 'RunsFailed',
  runsStopped: 'RunsStopped',
} as const;
