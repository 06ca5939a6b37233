/** The deployment can't go on; the message says what to do. */
export class DeployError extends Error {
  name = 'DeployError';

  /** @param {string} message @param {{ usage?: boolean }} [options] `usage`: the command was called wrongly, nothing was begun */
  constructor(message, { usage = false } = {}) {
    super(message);
    this.usage = usage;
  }
}
