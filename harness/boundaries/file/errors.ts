/** What the operating system says of a write that fails, as Node tells it. Apart, because it is Node's words and no plan's. */
import type { FileErrorCode } from '../../../faults/action.js'
import { forAgent } from '../../contracts/agent-error.js'
import { systemErrorOf } from '../../contracts/errno.js'

/** Which system call failed, and the paths that an error names where that call was told them. */
export interface FailedCall {
  readonly syscall: string
  readonly path?: string
  readonly dest?: string
}

const names: Record<FileErrorCode, string> = {
  'no-space': 'ENOSPC',
  'access-denied': 'EACCES',
  'io-error': 'EIO',
  'too-many-open': 'EMFILE',
}

/** The same message, and the same fields in the same order, as in the error that Node itself makes. */
export function systemError(code: FileErrorCode, { syscall, path, dest }: FailedCall): Error {
  const name = names[code]
  const { errno, says } = systemErrorOf(name)
  const about = path === undefined ? '' : ` '${path}'${dest === undefined ? '' : ` -> '${dest}'`}`
  return Object.assign(forAgent(new Error(`${name}: ${says}, ${syscall}${about}`)), {
    errno,
    code: name,
    syscall,
    ...(path !== undefined && { path }),
    ...(dest !== undefined && { dest }),
  })
}
