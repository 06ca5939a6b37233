import type { WatchedCall } from '@loadin/local-aws';
import { createWeather, WEATHER_KINDS } from './weather.js';

const call = (of: Partial<WatchedCall> = {}): WatchedCall => ({
  ...{ number: 1, service: 's3', operation: 'PutObject', key: 'raw/a', caller: 'a1', gone: new AbortController().signal },
  ...of,
});
const puts = (kinds: Parameters<typeof createWeather>[1], seed = 1, of: Partial<WatchedCall> = {}) => {
  const weather = createWeather(seed, kinds);
  return Promise.all(Array.from({ length: 200 }, () => weather(call(of))));
};

describe('the weather', () => {
  it('follows from the seed, the call and how often it came', async () => {
    const rates = { 'server error': 0.3, 'lost answer': 0.2 };
    expect(await puts(rates)).toEqual(await puts(rates));
    expect(await puts(rates)).not.toEqual(await puts(rates, 2));
    expect(await puts(rates)).not.toEqual(await puts(rates, 1, { key: 'raw/b' }));
  });

  it('strikes about as many calls as it should', async () => {
    const struck = (await puts({ 'server error': 0.3 })).filter((strike) => strike?.effect === 'error500');
    expect(struck.length).toBeGreaterThan(35);
    expect(struck.length).toBeLessThan(85);
  });

  it('refuses up to half of the records of a request', async () => {
    const strikes = await puts({ 'Kinesis partial failure': 1 }, 1, { service: 'kinesis', operation: 'PutRecords' });
    const rates = strikes.map((strike) => (strike?.effect as { partialRate: number }).partialRate);
    expect(Math.max(...rates)).toBeGreaterThan(0.45);
    expect(rates.every((rate) => rate > 0 && rate <= 0.5)).toBe(true);
  });

  it('throttles only the service that it is about', async () => {
    const rates = Object.fromEntries(WEATHER_KINDS.filter((kind) => kind.endsWith('throttle')).map((kind) => [kind, 1]));
    const kindOf = async (service: WatchedCall['service']) => (await createWeather(1, rates)(call({ service })))?.kind;
    expect([await kindOf('s3'), await kindOf('kinesis'), await kindOf('dynamodb')]).toEqual(['S3 throttle', 'Kinesis throttle', 'DynamoDB throttle']);
  });

  it('lets go of a connection that hangs as soon as the client has', async () => {
    const given = new AbortController();
    const striking = createWeather(1, { 'hung connection': 1 })(call({ gone: given.signal }));
    given.abort();
    expect(await striking).toEqual({ kind: 'hung connection', effect: 'drop' });
  });
});
