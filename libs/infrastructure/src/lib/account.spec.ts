import { refuseOtherAccount } from './account.js';

const dev = { name: 'dev', account: '123456789012' };

describe('the account of the credentials', () => {
  it('is the one that the environment is in', () => {
    expect(() => refuseOtherAccount({ account: '123456789012' }, dev)).not.toThrow();
    expect(() => refuseOtherAccount({ account: '123456789012', endpoint: 'http://127.0.0.1:4566' }, dev)).not.toThrow();
  });

  it('is another one: says whose they are, whose are wanted and how to have them', () => {
    expect(() => refuseOtherAccount({ account: '210987654321' }, dev)).toThrow(
      expect.objectContaining({
        message: 'These credentials are of account 210987654321, and environment dev is in 123456789012',
        where: 'environments.dev.account',
        hint: "Take that account's (aws sso login, AWS_PROFILE).",
      }),
    );
  });

  it("is a local stack's: says besides how to leave that", () => {
    expect(() => refuseOtherAccount({ account: '000000000000', endpoint: 'http://127.0.0.1:4566' }, dev)).toThrow(
      expect.objectContaining({
        hint: "Take that account's (aws sso login, AWS_PROFILE); a local stack is not deployed to: unset AWS_ENDPOINT_URL and its keys.",
      }),
    );
  });
});
