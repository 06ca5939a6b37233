import type { FailureRule, RateDeclaration, SettingNames } from '../kit/declaration.js';
import type { Path } from '../kit/shape.js';

/*
 * What the payments and shipments APIs have in common: both are Lambda functions behind API Gateway, asked by `?since=`.
 */

/** The header is API Gateway's, and so is what a key may be (docs.aws.amazon.com/apigateway, "Set up API keys"). */
export const gatewayKey = {
  kind: 'api-key',
  in: 'header',
  name: 'x-api-key',
  form: { matches: /^[A-Za-z0-9]{20,128}$/, is: '20 to 128 letters and digits' },
} as const;

/** Usage plans are each owner's own; this is little, and a list is read page after page anyway. */
export const gatewayRate: RateDeclaration = { windows: [{ limit: 10, windowMs: 1_000 }], pace: { perSecond: 10, burst: 10 } };

/** What API Gateway answers by itself (docs.aws.amazon.com/apigateway, "Gateway response types"). */
export function gatewayRules({ baseUrl, credentials = [] }: SettingNames): readonly FailureRule<never>[] {
  return [
    {
      on: 403,
      body: /"Forbidden"/,
      then: 'renew-credential',
      code: 'api-key',
      message: 'does not accept the API key: {detail}',
      hint: `Check ${credentials.join(' and ')}, and that the key is one of the usage plan.`,
    },
    {
      on: 403,
      body: /Missing Authentication Token/,
      then: 'fatal',
      code: 'no-route',
      message: 'has no list at its address: {detail}',
      hint: `Check ${baseUrl}: it is the address of the list itself, with the stage and without a slash at its end.`,
    },
    { on: 429, body: /Limit Exceeded/, then: 'stop', code: 'quota', message: 'says that the quota of its usage plan is used up: {detail}' },
    { on: 429, then: 'wait', code: 'throttled', message: 'limits the calls of its usage plan for longer than is waited: {detail}' },
    {
      on: [502, 502],
      then: 'retry',
      code: 'bad-gateway',
      hint: 'An answer above 6 MB ends so, too: then ask for fewer records at once, with the parameter limit.',
    },
  ];
}

/** Where things are in an answer, and what the next page is asked by. The documents of these APIs don't say; services of one's own may differ. */
export interface ChangesShape {
  /** The records; empty: the answer is the list. Default `data`. */
  readonly records?: Path;
  /** The id of a record. Default `payment_id`, `shipment_id`. */
  readonly key?: Path;
  /** The time of its last change. Default `updated_at`. */
  readonly updatedAt?: Path;
  /** What the next page is asked by; null or missing: there is none, as in services without pages. Default `next_token`. */
  readonly next?: Path;
  /** The parameter for that. Default `next_token`. */
  readonly nextParameter?: string;
}

/** `?since=`, in whatever order: so a service that ignores it is read too, and a service without pages. */
export function changes({ updatedAt = 'updated_at', next = 'next_token', nextParameter = 'next_token' }: ChangesShape) {
  return {
    kind: 'since',
    parameter: 'since',
    cursor: updatedAt,
    as: 'time',
    begin: '1970-01-01T00:00:00Z',
    lookBackSeconds: 600, // what becomes visible later than that after the time that it carries is found by a full read only
    pages: { kind: 'cursor', cursor: nextParameter, next },
  } as const;
}
