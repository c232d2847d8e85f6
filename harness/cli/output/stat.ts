/**
 * What stands at a path or behind a descriptor, in big integers. Not for their size: after an ordinary look at a pipe Node
 * 20 resolves symbolic links wrongly, and then finds no modules behind them.
 */
import { type BigIntStats, fstatSync, statSync } from 'node:fs'

/** `undefined` where nothing is there. Throws where it cannot be looked at. */
export function statOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })
}

export function statOfDescriptor(fd: number): BigIntStats {
  return fstatSync(fd, { bigint: true })
}
