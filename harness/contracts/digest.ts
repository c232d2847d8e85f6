/** Short digests, by which a trace tells equal things from different ones without holding them. */
import { hash } from 'node:crypto'

/** 64 bits of SHA-256 over a text, in hexadecimal. */
export function shortDigest(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex').slice(0, 16)
}
