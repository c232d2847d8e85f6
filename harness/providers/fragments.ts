/** Texts in pieces, as answers are streamed. Apart, because every wire streams so. */

const fragmentLengthMin = 8
const fragmentsMax = 3

/** A few pieces, for clients must put them together; never within a character. */
export function fragments(text: string): string[] {
  const count = Math.min(fragmentsMax, Math.max(1, Math.floor(text.length / fragmentLengthMin)))
  const parts: string[] = []
  let from = 0
  for (let part = 1; part <= count; part++) {
    let to = part === count ? text.length : Math.round((text.length * part) / count)
    if (isHighSurrogate(text.charCodeAt(to - 1))) to++
    parts.push(text.slice(from, to))
    from = to
  }
  return parts
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
