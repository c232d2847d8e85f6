/**
 * What `require('agent-chaos')` loads: a thin entry that hands out the one build there is. Node loads modules by `require`
 * since 20.19, and none of ours awaits while it loads.
 */

import { jestKey, timeLimitMs } from '../library/time-limit.js'

const jestTimeLimit = `Symbol.for('${jestKey}')`

/** A value that an entry exports. */
interface Exported {
  readonly name: string
  /** Its name is a type too. */
  readonly isClass: boolean
}

/**
 * The entry as CommonJS. It asks Node's own loader, by the process's own realm: a test runner may have put one of its own in
 * place, which would load no module, or load it a second time.
 */
export function requireEntry(module: string, allowsTime = false): string {
  return [
    "'use strict'",
    "const { runInThisContext } = require('node:vm')",
    "const { createRequire } = runInThisContext('process').getBuiltinModule('node:module')",
    `module.exports = createRequire(__filename)('./${module}')`,
    // In the realm of the tests, which is not that of the module.
    ...(allowsTime ? [`if (process.env.JEST_WORKER_ID) globalThis[${jestTimeLimit}] ??= ${timeLimitMs}`] : []),
    '',
  ].join('\n')
}

/** Its types: those of the module, named one by one, for a compiler lets CommonJS take types alone from a module. */
export function requireTypes(module: string, exported: readonly Exported[]): string {
  const mode = "{ with: { 'resolution-mode': 'import' } }"
  return [
    `export type * from './${module}' with { 'resolution-mode': 'import' }`,
    `type Module = typeof import('./${module}', ${mode})`,
    ...exported.flatMap(({ name, isClass }) => [
      `export declare const ${name}: Module['${name}']`,
      ...(isClass ? [`export type ${name} = InstanceType<Module['${name}']>`] : []),
    ]),
    'export {}',
    '',
  ].join('\n')
}

/** What a loaded module exports, by name. */
export function namesOf(module: object): Exported[] {
  return Object.entries(module).map(([name, value]) => ({ name, isClass: isClass(value) }))
}

function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))
}
