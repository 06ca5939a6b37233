import type { FailureRule } from '../kit/declaration.js';

/** The gateway answers `{"fault":…}`, the application `{"errors":[…]}` (developer.ticketmaster.com/products-and-docs/apis/getting-started). */
export const discoveryRules: readonly FailureRule<never>[] = [
  {
    on: [401, 403],
    body: /oauth|ApiKey|API Key/i,
    then: 'renew-credential',
    code: 'invalid-apikey',
    message: 'does not accept the API key: {detail}',
    hint: 'Check API_TICKETMASTER_API_KEY against the consumer key of the app in the Ticketmaster developer portal.',
  },
  {
    on: 429,
    body: /QuotaViolation/,
    then: 'stop',
    code: 'quota',
    message: "says that the day's quota of this API key is used up",
    resetHeader: 'rate-limit-reset',
  },
  { on: 429, then: 'wait', code: 'spike-arrest', message: 'limits the calls of this API key for longer than is waited' },
];
