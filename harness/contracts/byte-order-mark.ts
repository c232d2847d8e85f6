/** The mark that editors on Windows set before a text: it says how it is encoded, and is no part of it. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
