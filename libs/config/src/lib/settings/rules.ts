/** Whether a setting's text is right. */
export type Rule = (text: string) => boolean;

const matches =
  (pattern: RegExp): Rule =>
  (text) =>
    pattern.test(text);

const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]{1,512}$/;
const SECRET_ARN_AND_FIELD = /^(?<arn>[^#]+)(?:#(?<field>[^#\s]{1,128}))?$/;

export const isSecretArn: Rule = matches(SECRET_ARN);

/** The parts of `arn:aws:secretsmanager:…#field`; undefined when the text is no such ARN. */
export function secretArnParts(text: string): { arn: string; field: string | undefined } | undefined {
  const { arn, field } = SECRET_ARN_AND_FIELD.exec(text)?.groups ?? {};
  return arn !== undefined && isSecretArn(arn) ? { arn, field } : undefined;
}

const isToken = matches(/^[\x21-\x7e]{1,4096}$/);

/** A credential as it is, or the ARN of a secret. What begins like an ARN must be one: a mistyped ARN must not be sent to a source as a password. */
export const isSecret: Rule = (text) => (text.startsWith('arn:') ? secretArnParts(text) !== undefined : isToken(text));

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const isBucket: Rule = (text) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) && !text.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(text);

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
export const isStreamName: Rule = matches(/^[a-zA-Z0-9_.-]{1,128}$/);

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
export const isTableName: Rule = matches(/^[a-zA-Z0-9_.-]{3,255}$/);

export const isRegion: Rule = matches(/^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/);

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
export const isSecretName: Rule = matches(/^[\w/+=.@-]{1,512}$/);

/** An address without credentials, query or fragment: it is printed and extended with paths. */
export const isBaseUrl: Rule = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
};

/** A URL of a Postgres database; what it lacks or says too much is said when it is taken apart. */
export const isDatabaseUrl: Rule = (text) => /^postgres(?:ql)?:\/\/[^/]/.test(text) && URL.canParse(text);

export const isCheckpointStore: Rule = (text) => {
  const table = /^dynamodb:\/\/([^/]+)$/.exec(text)?.[1];
  return table === undefined ? isObjectAddress(text) : isTableName(table);
};

/** `s3://bucket/key`. */
export const isObjectAddress: Rule = (text) => {
  const { bucket = '' } = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>[^/].*)$/.exec(text)?.groups ?? {};
  return isBucket(bucket);
};

export const isPath: Rule = (text) => !text.includes('\0');

export const isJobsFile: Rule = (text) => (text.startsWith('s3:') ? isObjectAddress(text) : isPath(text));

export const isJobName: Rule = matches(/^[a-z][a-z0-9_]{0,63}$/);

const whole = /^\d{1,9}$/;
const decimal = /^\d{1,9}(?:\.\d{1,9})?$/;

export const isWhole =
  (low: number, high: number): Rule =>
  (text) =>
    whole.test(text) && Number(text) >= low && Number(text) <= high;

export const isDecimal =
  (low: number, high: number): Rule =>
  (text) =>
    decimal.test(text) && Number(text) >= low && Number(text) <= high;

export const isOneOf =
  (...words: readonly string[]): Rule =>
  (text) =>
    words.includes(text.toLowerCase());
