/**
 * Writing a file so that readers see the old one or the new one and nothing between: a disk that fills up, a crash and a
 * failing write leave torn files behind, and none of them may bear the real one's name.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { Failure } from './failure.js'

export type WriteFile = (path: string, text: string) => Promise<void>

/**
 * Writes aside, flushes to the disk, reads back, and only then takes the file's name, which is one step. Rejects with the
 * file as it was; safe to call again.
 */
export const writeWhole: WriteFile = async (path, text) => {
  const draft = `${path}.draft`
  try {
    await writeFile(draft, text, { flush: true })
    if ((await readFile(draft, 'utf8')) !== text) throw new Failure('TORN', `${draft} is not as written`, 'transient')
    await rename(draft, path)
  } catch (error) {
    // A draft that cannot be removed does no harm: the next one takes its place.
    await rm(draft, { force: true }).catch(() => {})
    throw error
  }
}
