/** Short digests, by which a trace tells equal things from different ones without holding them. */
import { hash } from 'node:crypto'

/** 64 bits of SHA-256 over a text, in hexadecimal. */
export function shortDigest(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex').slice(0, 16)
}

/** Digests of the user's files, by their names from the folder of the run. */
export type CodeDigests = Readonly<Record<string, string>>

/** The files whose digests differ, or that one side alone has. */
export function differingFiles(one: CodeDigests, other: CodeDigests): string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
  return names.filter((name) => one[name] !== other[name])
}
