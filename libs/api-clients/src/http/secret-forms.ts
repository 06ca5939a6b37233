/** The spellings of a secret that are looked for as they are. */
export function plainFormsOf(secret: string): Set<string> {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inForm = new URLSearchParams({ s: secret }).toString().slice(2);
  return new Set([secret, inJson, encodeURIComponent(secret), inForm, bytes.toString('base64'), bytes.toString('base64url'), hex, hex.toUpperCase()]);
}

/**
 * What a longer text in Base64 has of a secret that is somewhere in it: `Basic` credentials are user and password together. It depends on
 * where among three bytes the secret begins; the characters at both ends mix with its neighbours and are left out.
 */
export function base64FormsOf(secret: string): Set<string> {
  const bytes = Buffer.from(secret);
  const forms = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const core = text.slice([0, 2, 3][before], Math.floor(((before + bytes.length) * 8) / 6));
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return new Set(forms);
}

const hexOf = (character: string, digits: number): string => character.charCodeAt(0).toString(16).padStart(digits, '0');
const anyCase = (hex: string): string => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

/** Each character as it is, or escaped as JSON (`\u0041`, `\/`), URLs (`%41`, also twice) and HTML (`&#65;`, `&amp;`) do it, in any mixture. */
export function spelledAnyhow(secret: string): RegExp {
  return new RegExp([...secret].map(spellingsOf).join(''), 'g');
}

function spellingsOf(character: string): string {
  const units = character.split('');
  const bytes = [...Buffer.from(character)].map((byte) => byte.toString(16).padStart(2, '0'));
  const named = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }[character];
  const code = character.codePointAt(0) ?? 0;
  const spellings = [
    `\\\\*${character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}`,
    units.map((unit) => `\\\\+u${anyCase(hexOf(unit, 4))}`).join(''),
    bytes.map((byte) => `%(?:25)*${anyCase(byte)}`).join(''),
    `&#0*${code};`,
    `&#[xX]0*${anyCase(code.toString(16))};`,
    ...(named === undefined ? [] : [named]),
    ...(character === ' ' ? ['\\+'] : []),
  ];
  return `(?:${spellings.join('|')})`;
}

/**
 * One of these is in every large text that has the secret in an escaped spelling: the longest part that escapes leave alone, or an escape of
 * its first character, when everything is escaped. Finding them is so much quicker than the expression that it may be done for every page.
 */
export function anchorsOf(secret: string): string[] {
  const [first = ''] = secret;
  const longest = (secret.match(/[A-Za-z0-9]+/g) ?? []).reduce((long, part) => (part.length > long.length ? part : long), '');
  const [byte = ''] = [...Buffer.from(first)].map((code) => code.toString(16).padStart(2, '0'));
  const escapes = [`%${byte}`, `%25${byte}`, `\\u${hexOf(first, 4)}`].flatMap((escape) => [
    escape,
    escape.replace(/[a-f]/g, (digit) => digit.toUpperCase()),
  ]);
  const inHtml = [`&#${first.codePointAt(0)};`, `&#x${first.codePointAt(0)?.toString(16)};`, `&#X${first.codePointAt(0)?.toString(16)};`];
  return [...new Set([...(longest === secret || longest === '' ? [] : [longest]), ...escapes, ...inHtml])];
}
