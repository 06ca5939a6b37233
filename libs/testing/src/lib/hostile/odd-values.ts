import type { Json } from '@loadin/pipeline';

/** What sources send where a record should be: wrong types, no id, ids of every kind, texts that break encoders. */
export function oddValues(): Json[] {
  return [
    null,
    true,
    0,
    '',
    'a text',
    [],
    [[null]],
    {},
    { id: null },
    { id: '' },
    { id: '   ' },
    { id: 0 },
    { id: -1.5 },
    { id: Number.MAX_SAFE_INTEGER },
    { id: true },
    { id: ['a'] },
    { id: { id: 'inner' } },
    { ID: 'case' },
    JSON.parse('{"__proto__":{"id":"polluted"},"constructor":null,"toString":1}') as Json,
    ...oddTexts().map((text): Json => ({ id: `odd-${[...text].length}`, name: text })),
    { id: 'deep', inner: nested(60) },
    { id: 'wide', tags: Array.from({ length: 500 }, (_, index) => index) },
    { id: 'long', name: 'x'.repeat(20_000) },
  ];
}

/** Texts that encoders, escapers and files of lines get wrong. */
export function oddTexts(): string[] {
  return [
    'Beyoncé 🎤 "quoted" \\ / \b\f\n\r\t\u2028\u2029',
    '\u0000\u0001\u001f\u007f\u0085\ufeff',
    'e\u0301 \u00e9 ﬁ ß İ ı', // the same letter in two forms; case changes that change length
    'مرحبا שלום 你好 ไทย \u202eabc\u202c',
    '👩‍👩‍👧‍👦 🇸🇪 \u{10ffff}',
    '\ud800 alone',
    "</script><!-- %00 ${x} {{x}} '; --",
    'null',
    '1e400',
    ' \u00a0\u3000',
  ];
}

function nested(depth: number): Json {
  let value: Json = 'bottom';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { level: value };
  return value;
}
