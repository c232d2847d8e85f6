/** What the operating system says of a write that fails, as Node tells it. Apart, because it is Node's words and no plan's. */
import { getSystemErrorMap } from 'node:util'
import type { FileErrorCode } from '../../../faults/action.js'
import { forAgent } from '../../contracts/agent-error.js'

/** Which system call failed, and the paths that an error names where that call was told them. */
export interface FailedCall {
  readonly syscall: string
  readonly path?: string
  readonly dest?: string
}

const names: Record<FileErrorCode, string> = { 'no-space': 'ENOSPC', 'access-denied': 'EACCES', 'io-error': 'EIO' }

/** Number and words of an error on this platform. */
function errnoOf(name: string): readonly [number, string] {
  for (const [errno, [candidate, says]] of getSystemErrorMap()) if (candidate === name) return [errno, says]
  throw new Error(`${name} is no system error that this version of Node knows`)
}

/** The same message, and the same fields in the same order, as in the error that Node itself makes. */
export function systemError(code: FileErrorCode, { syscall, path, dest }: FailedCall): Error {
  const name = names[code]
  const [errno, says] = errnoOf(name)
  const about = path === undefined ? '' : ` '${path}'${dest === undefined ? '' : ` -> '${dest}'`}`
  return Object.assign(forAgent(new Error(`${name}: ${says}, ${syscall}${about}`)), {
    errno,
    code: name,
    syscall,
    ...(path !== undefined && { path }),
    ...(dest !== undefined && { dest }),
  })
}
