/** The file boundary of the trial that is entered, as the stubs find it. */
import { guest } from '../../sandbox/guest.js'
import type { FileBoundary } from './boundary.js'

export const filesGuest = guest<FileBoundary>('files')

/** The boundary of the trial that is entered, where it has a directory and is not at work itself. */
export function watching(): FileBoundary | undefined {
  const files = filesGuest.current()
  return files?.watching ? files : undefined
}
