/** The bench's trial against hand-written set-ups of the same conversation. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../support/cli/command.js'
import { openProcess } from '../measuring/process.js'
import { compareSides } from '../measuring/rounds.js'
import { type BenchFile, milliseconds, times } from '../table.js'

/** By the module of each, what it is called. */
const setUps = [
  ['mock-agent', "undici's MockAgent", 'undici'],
  ['nock', 'nock', 'nock'],
  ['msw', 'Mock Service Worker', 'msw'],
  ['loopback', 'a server by `node:http`', undefined],
  ['aimock', 'aimock', '@copilotkit/aimock'],
] as const

export const byHand: BenchFile = {
  name: 'set-ups',
  title: 'hand-written set-ups of the same conversation',
  run: async () => {
    const own = openProcess('floor/six-calls.ts')
    const others = setUps.map(([name]) => [name, openProcess(`set-ups/${name}.ts`)] as const)
    const sides = [own.side('floor'), own.side('trial'), ...others.map(([name, process]) => process.side(name))]
    const compared = await compareSides(sides, { warmUp: 400, rounds: 11, times: 30 })
    for (const process of [own, ...others.map(([, each]) => each)]) await process.end()
    const [floor, trial, ...rest] = compared.map(({ cost, ratio }) => [milliseconds(cost.cpu), times(ratio.cpu)])
    return {
      head: ['the same conversation by', 'one', 'against the floor'],
      rows: [
        ['the floor: a `fetch` in memory', ...(floor ?? [])],
        ['a trial, faults, trace and invariants included', ...(trial ?? [])],
        ...setUps.map(([, title, name], index) => [
          name ? `${title} ${versionOf(name)}` : title,
          ...(rest[index] ?? []),
        ]),
      ],
    }
  },
}

function versionOf(name: string): string {
  const manifest = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}
