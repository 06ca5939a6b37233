import { FatalError, RetryableError } from './errors.js';
import { oneLine } from './one-line.js';

describe('oneLine', () => {
  it('says what, where and what to do', () => {
    const error = new FatalError('S3 PutObject: the bucket does not exist', { where: 's3://lake/raw', hint: 'Create it.' });
    expect(oneLine(error)).toBe('S3 PutObject: the bucket does not exist (s3://lake/raw). Create it.');
  });

  it('does not repeat a place that the message names', () => {
    expect(oneLine(new FatalError('s3://lake is not there', { where: 's3://lake' }))).toBe('s3://lake is not there');
  });

  it('keeps to one line and free of control characters', () => {
    expect(oneLine(new RetryableError('two\nlines\u001b[31m', { hint: 'And\r\nmore.' }))).toBe('two lines [31m. And more.');
  });

  it('takes anything that can be thrown', () => {
    expect(oneLine(new TypeError('x is not a function'))).toBe('x is not a function');
    expect(oneLine('text')).toBe('text');
    expect(oneLine(undefined)).toBe('undefined');
    expect(oneLine(new Error(''))).toBe('Error');
  });
});
