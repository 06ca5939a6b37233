const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A slice of bytes below 0x80 as a string; others become their Latin-1 characters. */
export function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

/** UTF-8 as a string; what is none becomes U+FFFD. */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 24) return decoder.decode(bytes.subarray(start, end));
  for (let at = start; at < end; at++) if ((bytes[at] as number) > 0x7f) return decoder.decode(bytes.subarray(start, end));
  return ascii(bytes, start, end);
}
