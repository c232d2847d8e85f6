/** The style and the script of the page, read from beside this file when the first page is made. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface Asset {
  readonly text: string
  /** As a content security policy names it. */
  readonly hash: string
}

export const styleSheet = onceRead('./style.css')
export const clientScript = onceRead('./client.js')

function onceRead(file: string): () => Asset {
  let asset: Asset | undefined
  return () => {
    asset ??= read(file)
    return asset
  }
}

function read(file: string): Asset {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  return { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` }
}
