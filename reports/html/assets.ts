/** The style and the script of the page, read from beside this file when the first page is made. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface Asset {
  readonly text: string
  /** As a content security policy names it. */
  readonly hash: string
}

/** In the order in which they are to stand: later rules win. */
const styles = ['colours', 'page', 'overview', 'scenario', 'reliability', 'trial', 'media'] as const

export const styleSheet = onceRead(styles.map((name) => `./style/${name}.css`))
export const clientScript = onceRead(['./client.js'])

function onceRead(files: readonly string[]): () => Asset {
  let asset: Asset | undefined
  return () => {
    asset ??= read(files)
    return asset
  }
}

function read(files: readonly string[]): Asset {
  const text = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('')
  return { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` }
}
