/** What a canary does wrong, in the words of its own file, so that it need not be written down twice. */

/** What the first comment of a source says, "Wrong on purpose:" aside; `null` where it begins with none. */
export function mistakeIn(source: string): string | null {
  const comment = /^\s*\/\*\*?(.*?)\*\//s.exec(source)?.[1] ?? ''
  const text = comment.replaceAll(/\s+(?:\*\s+)?/g, ' ').trim()
  const mistake = text.replace(/^Wrong on purpose: */, '').replace(/\.$/, '')
  return mistake === '' ? null : mistake
}
