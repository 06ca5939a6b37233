import { suggestionFor } from '../suggestion.js';

const OURS = /^(?:API_|LOADIN_|AWS_S3_|AWS_KINESIS_|RDS_|PAYMENTS_|SHIPMENTS_|S3_BUCKET)/;

/** A warning for each name that is set, begins like one of our settings, is none, and is near to one. Others are left alone: they may be anyone's. */
export function typoWarnings(names: readonly string[], known: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (!OURS.test(name) || known.includes(name)) return [];
    const meant = suggestionFor(name, known) ?? extending(name, known);
    return meant === undefined ? [] : [`${name} is no setting and is ignored: did you mean ${meant}?`];
  });
}

/** The only setting with all words of the name, in their order, and more: AWS_S3_BUCKET → undefined (two of them), API_SPOTIFY_SECRET → …_CLIENT_SECRET. */
function extending(name: string, known: readonly string[]): string | undefined {
  const words = name.split('_').filter((word) => word !== '');
  if (words.length < 3) return undefined;
  const found = known.filter((candidate) => isSubsequence(words, candidate.split('_')));
  return found.length === 1 ? found[0] : undefined;
}

function isSubsequence(words: readonly string[], of: readonly string[]): boolean {
  let next = 0;
  for (const word of of) if (word === words[next]) next += 1;
  return next === words.length;
}
