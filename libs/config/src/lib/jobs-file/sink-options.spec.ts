import { GOOD, linesOf, parse } from './parsing.fixture.js';

describe('the sinks of a jobs file', () => {
  const file = (options: string) =>
    `version: 1\nsinks:\n  s3_raw: ${options}\nstreams: { ticketmaster.events: { countries: [SE] } }\njobs: { j: { streams: [ticketmaster.events], sinks: [s3_raw] } }\n`;

  it('have the same options in every job', () => {
    const options = { gzip: true, kms_key: 'alias/lake', tags: { team: 'data', 'cost centre': 'a+b=c' }, storage_class: 'STANDARD_IA' };
    const { sinkOptions, jobs } = parse(file(JSON.stringify(options)));
    expect(sinkOptions).toEqual({ s3_raw: options });
    expect(jobs.get('j')?.sinkOptions).toBe(sinkOptions);
    expect(parse(GOOD).sinkOptions).toEqual({});
  });

  it('are told what is wrong with them, each thing at its place', () => {
    expect(linesOf(file("{ gzip: yes please, kms_key: '', storage_class: GLACIER, tag: {} }"))).toEqual([
      '3:19 sinks.s3_raw.gzip must be true or false',
      '3:40 sinks.s3_raw.kms_key must be the id, ARN or alias of a KMS key',
      '3:59 sinks.s3_raw.storage_class must be STANDARD or STANDARD_IA or ONEZONE_IA or INTELLIGENT_TIERING or GLACIER_IR',
      '3:68 sinks.s3_raw.tag is not known here: did you mean tags?',
    ]);
    expect(linesOf(file('7'))).toEqual(['3:11 sinks.s3_raw must be a mapping of gzip, kms_key, tags, storage_class']);
    expect(linesOf(file('{}').replace('s3_raw:', 'kinesis:'))).toEqual(['3:3 sinks.kinesis is not known here: there are s3_raw, s3_bronze']);
  });

  it.each([
    ['a number', '{ year: 2024 }'],
    ['a character that S3 refuses', "{ team: 'a&b' }"],
    ['no name', "{ '': x }"],
    ['eleven', JSON.stringify(Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`t${n}`, ''])))],
  ])('are refused tags that S3 would not take: %s', (_, tags) => {
    expect(linesOf(file(`{ tags: ${tags} }`))).toEqual([
      '3:13 sinks.s3_raw.tags must be a mapping of at most 10 tag names to texts (letters, digits, spaces and _.:/=+-@; other values in quotes)',
    ]);
  });
});
