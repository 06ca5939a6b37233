/** The API's date format: UTC, whole seconds, no milliseconds (DIS1015). */
export function fromSeconds(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function toSeconds(text: string): number {
  return Math.floor(Date.parse(text) / 1000);
}
