/**
 * What `require('agent-chaos')` loads: a thin entry that hands out the one build there is. Node loads modules by `require`
 * since 20.19, and none of ours awaits while it loads.
 */

/** A value that an entry exports. */
interface Exported {
  readonly name: string
  /** Its name is a type too. */
  readonly isClass: boolean
}

/**
 * The entry as CommonJS. It asks Node's own loader: a test runner may have put one of its own in place, which would load no
 * module, or load it a second time.
 */
export function requireEntry(module: string): string {
  return [
    "'use strict'",
    "const { createRequire } = process.getBuiltinModule('node:module')",
    `module.exports = createRequire(__filename)('./${module}')`,
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
