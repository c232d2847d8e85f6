/**
 * Paths of the user's files as they are told: from the folder that the command runs in, and with slashes on every system. They
 * stand in reports that others read elsewhere, and in commands that are typed again.
 */
import nodePath, { type PlatformPath } from 'node:path'

/** `path` is that of another system in tests. */
export function shownPath(file: string, cwd: string, path: PlatformPath = nodePath): string {
  return path.relative(cwd, file).split(path.sep).join('/') || file
}

/** The same for a place, `FILE:LINE`; one that is not below the folder stays as it is. */
export function shorten(where: string | undefined, cwd: string, path: PlatformPath = nodePath): string | undefined {
  if (where === undefined || !path.isAbsolute(where)) return where
  const inside = path.relative(cwd, where)
  const isOutside = inside === '' || path.isAbsolute(inside) || inside.split(path.sep)[0] === '..'
  return isOutside ? where : inside.split(path.sep).join('/')
}
