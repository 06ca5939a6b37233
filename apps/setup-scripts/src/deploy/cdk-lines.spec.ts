import { cdkLines } from './cdk-lines.js';

const lines = (...texts: readonly string[]): string[] => {
  const written: string[] = [];
  const write = cdkLines((text) => void written.push(text));
  for (const text of texts) write(text);
  return written;
};

describe('what the CDK prints', () => {
  it('names no folder that is gone, nor how to go on with a command that nobody called', () => {
    const text = 'Successfully synthesized to /srv/.loadin/cdk.out/.dev-hpPHf1\nSupply a stack id (storage, streaming) to display its template.\n';
    expect(lines(text, text.split('\n')[0] + '\n', 'Stack storage\n')).toEqual(['Stack storage']);
  });

  it('is handed on as it comes, a question without an end of line too', () => {
    expect(lines('storage: deploying...\n\n', 'Do you wish to deploy these changes (y/n) ')).toEqual([
      'storage: deploying...',
      'Do you wish to deploy these changes (y/n)',
    ]);
  });

  it('says once that there are no credentials, and what to do', () => {
    const line = 'Need to perform AWS calls for account 123456789012, but no credentials have been configured\n';
    expect(lines(line, line, 'Bye\n')).toEqual([`${line}  → Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.`, 'Bye']);
    expect(lines(line + line)).toEqual([`${line}  → Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.`]);
  });
});
