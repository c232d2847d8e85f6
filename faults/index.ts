/** `agent-chaos/faults`: the contract of a fault, the catalogue, and plans as data and as text. */
export * from './action.js'
export * from './catalogue.js'
export * from './fault.js'
export type * from './json.js'
export type * from './param.js'
export * from './plan.js'
export * from './site.js'
