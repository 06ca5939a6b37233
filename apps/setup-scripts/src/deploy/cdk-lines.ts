/** Where the CDK has worked, a folder that is gone by then, and how to go on with its own command. */
const OF_NO_USE = /^(?:Successfully synthesized to|Supply a stack id) .*\n?/gm;
const NO_CREDENTIALS = /^.*no credentials have been configured.*\n?/gm;

/**
 * Hands on what the CDK prints as it comes, questions without an end of line too: without what is of no use here, and that there are no credentials
 * once, with what to do.
 */
export function cdkLines(write: (text: string) => void): (text: string) => void {
  let told = false;
  const once = (line: string): string => {
    if (told) return '';
    told = true;
    return `${line.trimEnd()}\n  → Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.\n`;
  };
  return (text) => {
    const rest = text.replace(OF_NO_USE, '').replace(NO_CREDENTIALS, once);
    if (rest !== '') write(rest.trimEnd());
  };
}
