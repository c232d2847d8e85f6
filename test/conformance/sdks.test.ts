/**
 * What the vendors' SDKs make of each action, over each transport: the error that their user gets, how often they asked, and what
 * text came before. It is written down in `docs/conformance.md`, for people who wonder what their agent will see.
 */
import nodeFetch from 'node-fetch'
import { fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Action } from '../../faults/action.js'
import { installStubs } from '../../harness/sandbox/ambient.js'
import { real } from '../../harness/sandbox/real.js'
import { follow } from '../support/sandbox/trial.js'
import { open } from '../support/transports/opened.js'
import { nameOf, variantsAt } from './actions.js'
import { type Peer, peers } from './peers.js'
import { Record } from './record.js'
import { type Sdk, sdks } from './sdks.js'
import { loopback, memory, type Startable, socket } from './ways.js'

let uninstall = () => {}
beforeAll(() => {
  uninstall = installStubs()
})
afterAll(() => uninstall())

/** By which `fetch` the SDK asks; over memory by the transport's own. */
const routes: readonly { readonly name: string; readonly by: Startable; readonly fetch?: typeof fetch }[] = [
  { name: 'memory', by: memory },
  { name: 'socket (node-fetch)', by: socket, fetch: nodeFetch as never },
  { name: 'socket (undici)', by: socket, fetch: undiciFetch as never },
  { name: 'loopback', by: loopback, fetch: real.fetch },
]

/** What one cell of the table is about. */
interface Case {
  readonly peer: Peer
  readonly sdk: Sdk
  readonly action: Action | undefined
}

/** A process that ends, and a task that is called off, are no matter of the wire; and of what is lost it does not matter when. */
const isShown = (action: Action | undefined) =>
  action?.kind !== 'crash' && action?.kind !== 'cancel' && !(action?.kind === 'drop' && action.when === 'after')

const origin = 'http://api.example.com'

async function outcomeOf({ peer, sdk, action }: Case, { by, fetch }: (typeof routes)[number]): Promise<string> {
  const ready = await by.start()
  let text = ''
  let ended = 'waits for ever'
  let record: Record | undefined
  const { end } = await follow(
    async (clock) => {
      const kept = new Record(action, clock)
      record = kept
      const endpoint = kept.watch(peer.endpoint(origin, kept, clock))
      const client = { sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal), frozen: false }
      const opened = open(
        ready.transport,
        { endpoint: (url) => (url.startsWith(origin) ? endpoint : undefined) },
        client,
      )
      const ask = {
        baseURL: ready.addressOf(origin),
        fetch: fetch ?? opened.fetch ?? real.fetch,
        onText: (piece: string) => {
          text += piece
        },
      }
      await (peer.isStreamed ? sdk.streamed : sdk.whole)(ask).then(
        () => {
          ended = 'answer'
        },
        (error: unknown) => {
          ended = errorText(error)
        },
      )
      opened.stop()
    },
    { horizonMs: 20_000_000 },
  )
  await ready.stop()
  if (end.kind !== 'settled') ended = 'waits for ever'
  const asked = record?.lines.filter((line) => / call /.test(line)).length
  return `${ended} | ${asked} | ${text === '' ? 'none' : `"${text}"`}`
}

/** Its class, its status, and why the connection was lost. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { status } = error as { readonly status?: number }
  const code = codeOf(error)
  return [error.constructor.name, status, code].filter((part) => part !== undefined).join(' ')
}

function codeOf(error: Error): string | undefined {
  const { code } = error as { readonly code?: unknown }
  if (typeof code === 'string') return code
  return error.cause instanceof Error ? codeOf(error.cause) : undefined
}

async function rowsOf(made: Case): Promise<string[]> {
  const byOutcome = new Map<string, string[]>()
  for (const route of routes) {
    const carriage = made.action?.kind === 'refuse' ? made.action.how : undefined
    if (carriage && route.by.transport.cannot[carriage]) continue
    const outcome = await outcomeOf(made, route)
    byOutcome.set(outcome, [...(byOutcome.get(outcome) ?? []), `${route.name}, ${route.by.transport.clock}`])
  }
  const [only] = byOutcome.size === 1 ? byOutcome.keys() : []
  const all = byOutcome.get(only ?? '')?.length === routes.length
  return [...byOutcome].map(([outcome, over]) => {
    const where = all ? 'all, virtual' : over.join('; ')
    return `| \`${nameOf(made.action)}\` | ${where} | ${outcome.replaceAll('\n', ' ')} |`
  })
}

const head = `# What clients see of each action

Written by \`npx vitest run test/conformance -u\`; a test checks that it is up to date.

Each row is one action, done to every request of one call by the vendor's own SDK with its default options. First it says over which
transports, and with which clock. Then come what the SDK ends with, how often it asked, and what text its user had by then.
An error is told by its class, its status, and the code of what caused it.
\`test/conformance/cells.txt\` has the same for plain clients, with the time of every piece.

What a transport cannot carry has no row for it: ${Object.entries(loopback.transport.cannot)
  .map(([what, why]) => `over loopback nothing is ${what}, for ${why}`)
  .join('; ')}.
`

it('what the SDKs make of each action is in docs/conformance.md', async () => {
  const parts = [head]
  for (const peer of peers) {
    if (peer.api === undefined) continue
    const known = sdks[peer.api]
    if (!known) {
      parts.push(`## ${peer.name}\n\nNot tried: no SDK of it is named in \`test/conformance/sdks.ts\`.\n`)
      continue
    }
    for (const sdk of known) {
      const rows = []
      for (const action of variantsAt('model').filter(isShown)) rows.push(...(await rowsOf({ peer, sdk, action })))
      const table = ['| Action | Over | Ends with | Asked | Text |', '| --- | --- | --- | --- | --- |', ...rows]
      parts.push(`## ${peer.name}, by ${sdk.name}\n\n${table.join('\n')}\n`)
    }
  }
  await expect(parts.join('\n')).toMatchFileSnapshot('../../docs/conformance.md')
})
