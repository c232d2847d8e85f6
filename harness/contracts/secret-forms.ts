/** How a secret may stand in a text. Apart, because who looks for a leak and who hides one must look for the same. */

/** Stands in place of one. */
export const redacted = '[redacted]'

/** What is shorter is found in anything. */
export const secretCharactersMin = 8

/** As it is and in JSON up to three times; in an address and a form; in hex and in base64, alone or within more. Each once. */
export function formsOfSecret(secret: string): readonly string[] {
  const plain = [secret, encodeURIComponent(secret), encodeForm(secret)]
  const json = plain.flatMap((form) => nest(form, 3))
  const address = encodeURIComponent(secret)
  const lower = address.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  return [...new Set([...json, lower, ...encodeBytes(secret)])].filter((form) => form.length >= secretCharactersMin)
}

function nest(text: string, depth: number): string[] {
  return depth === 0 ? [text] : [...nest(JSON.stringify(text).slice(1, -1), depth - 1), text]
}

function encodeForm(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

function encodeBytes(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8')
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].flatMap((offset) => {
    const text = withinBase64(bytes, offset)
    return [text, text.replaceAll('+', '-').replaceAll('/', '_'), text.replaceAll('/', '\\/')]
  })
  const whole = bytes.toString('base64')
  return [hex, hex.toUpperCase(), whole, whole.replace(/=+$/, ''), bytes.toString('base64url'), ...base64]
}

/** The characters that stand for these bytes alone, where so many bytes modulo three stand before them. */
function withinBase64(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const from = Math.ceil((offset * 8) / 6)
  return text.slice(from, Math.floor(((offset + bytes.length) * 8) / 6))
}
