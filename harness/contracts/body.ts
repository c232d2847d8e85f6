/**
 * Bodies as values. What is text in UTF-8 is a string of it. Of anything else each character is one byte, which loses none, can
 * be cut at any of them, and is plain data.
 */
import zlib from 'node:zlib'

/** A body of a request or an answer, as a value. */
export interface Body {
  readonly text: string
  /** Each character of the text is a byte: it is no text in UTF-8. */
  readonly encoding?: 'latin1'
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function bodyFrom(bytes: Uint8Array): Body {
  try {
    return { text: strict.decode(bytes) }
  } catch {
    return { text: bufferOf(bytes).toString('latin1'), encoding: 'latin1' }
  }
}

export function bytesOf({ text, encoding }: Body): Buffer {
  return Buffer.from(text, encoding)
}

/** A body that came with these codings (`content-encoding`) without them; as it is where they are unknown, or untrue of it. */
export function decode(bytes: Uint8Array, codings: string | null | undefined): Uint8Array {
  try {
    return decodeStrictly(bytes, codings)
  } catch {
    return bytes
  }
}

/** The same; throws where a coding is untrue of it. What was cut short is decoded as far as it goes. */
export function decodeStrictly(bytes: Uint8Array, codings: string | null | undefined): Uint8Array {
  const steps = codingsIn(codings).map((name) => decoders[name])
  if (bytes.length === 0 || steps.some((step) => step === undefined)) return bytes
  return steps.reduceRight<Uint8Array>((rest, decode) => decode?.(rest) ?? rest, bytes)
}

/** Whether `decode` knows what to do. */
export function isCoded(codings: string | null | undefined): boolean {
  const names = codingsIn(codings)
  return names.length > 0 && names.every((name) => name in decoders)
}

function codingsIn(codings: string | null | undefined): readonly string[] {
  // Nearly all bodies have none.
  if (!codings) return []
  return codings
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
}

type Decode = (bytes: Uint8Array) => Uint8Array

const { BROTLI_OPERATION_FLUSH, Z_SYNC_FLUSH } = zlib.constants
const gunzip: Decode = (bytes) => zlib.gunzipSync(bytes, { finishFlush: Z_SYNC_FLUSH })
/** With zlib's wrapper, as the name says, or without it, as it has often been sent. */
const inflate: Decode = (bytes) => {
  const isWrapped = ((bytes[0] ?? 0) & 0x0f) === 0x08
  return (isWrapped ? zlib.inflateSync : zlib.inflateRawSync)(bytes, { finishFlush: Z_SYNC_FLUSH })
}

const decoders: Readonly<Record<string, Decode>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: (bytes) => zlib.brotliDecompressSync(bytes, { finishFlush: BROTLI_OPERATION_FLUSH }),
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
