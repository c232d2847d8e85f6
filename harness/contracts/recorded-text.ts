/**
 * How much of a text stands in a trace. Apart, because whoever records one marks where it was cut, and no oracle may hold
 * against an agent what it did not say within that.
 */

/** Of an error's message, of an answer and of a file; a page of HTML or a log has room. */
export const charactersRecordedMost = 20_000

export interface RecordedText {
  readonly text: string
  /** There, where it is only the beginning. */
  readonly cut?: true
}

export function recordedText(text: string): RecordedText {
  return text.length > charactersRecordedMost ? { text: text.slice(0, charactersRecordedMost), cut: true } : { text }
}

const charactersQuotedMost = 500

/** As much of a text as one sentence may quote. */
export function quote(text: string): string {
  return text.length > charactersQuotedMost ? `${text.slice(0, charactersQuotedMost)}...` : text
}
