/** What a worker said, told from what anybody else wrote into the same pipe. */
import { z } from 'zod'
import type { WorkerMessage } from './protocol.js'

const id = z.int().nonnegative()
const text = z.string()
const some = z.looseObject({})
const named = z.looseObject({ kind: text })

const judgements = z.array(
  z.looseObject({
    invariant: text,
    verdict: z.looseObject({ kind: z.enum(['held', 'violated', 'vacuous', 'inconclusive']) }),
  }),
)

const trace = z.looseObject({ events: z.array(z.unknown()) })

/** As much as whoever reads a record relies on before it looks closer. What a trace holds is not gone through again. */
const record = z.looseObject({
  plan: text,
  seed: z.number(),
  end: named,
  claim: text.nullable(),
  goal: z.boolean().nullable(),
  spend: some,
  crossings: id,
  landed: id,
  injections: z.array(z.looseObject({ text, status: text })),
  struck: z.array(z.looseObject({ site: text, fault: text })),
  strays: z.array(z.looseObject({ url: text, note: text })),
  judgements,
  evidence: z.looseObject({ trace, digest: text }).nullable(),
})

const testimony = z.object({ trace, state: text.nullable(), changed: z.array(text) })

const message = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('loaded'),
    facts: z.looseObject({ name: text, faults: z.array(some), invariants: z.array(z.looseObject({ name: text })) }),
  }),
  z.object({ kind: z.literal('refused'), message: text, where: text.optional() }),
  z.object({ kind: z.literal('broken'), stack: text }),
  z.object({ kind: z.literal('progress'), id, modelCalls: z.number().int().nonnegative() }),
  z.object({ kind: z.literal('recorded'), id, event: z.looseObject({ at: z.number(), kind: text }) }),
  z.object({ kind: z.literal('printed'), id, line: z.looseObject({ at: z.number(), after: id, text }) }),
  z.object({ kind: z.literal('drawn'), id, injection: z.looseObject({ faults: z.array(some) }) }),
  z.object({ kind: z.literal('unloadable'), id }),
  z.object({ kind: z.literal('crashed'), id, snapshot: z.looseObject({ attempt: id, events: z.array(z.unknown()) }) }),
  z.object({ kind: z.literal('compared'), changes: z.array(text), atWork: z.boolean() }),
  z.object({ kind: z.literal('done'), id, record, worn: z.boolean().optional(), testimony: testimony.optional() }),
  z.object({ kind: z.literal('judged'), id, judgements, leftOut: z.array(text), own: z.array(text) }),
  z.object({ kind: z.literal('secrets'), secrets: z.array(text) }),
])

export type Heard =
  | { readonly kind: 'message'; readonly message: WorkerMessage }
  /** Of the worker, and not what it may say: what it runs on is not what it was. */
  | { readonly kind: 'garbled' }
  /** Not the worker's: whoever wrote it does not know the secret. */
  | { readonly kind: 'foreign' }

/** One line of what came. */
export function hear(line: string, secret: string): Heard {
  if (!line.startsWith(`${secret} `)) return { kind: 'foreign' }
  const said = parse(line.slice(secret.length + 1))
  return message.safeParse(said).success ? { kind: 'message', message: said as WorkerMessage } : { kind: 'garbled' }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Cuts what comes in pieces into lines; empty ones are left out. Of a line that does not begin with the secret no more is
 * kept than shows that, however long it becomes.
 */
export function lines(secret: string, onLine: (line: string) => void): (piece: string) => void {
  let begun = ''
  return (piece) => {
    const parts = piece.split('\n')
    parts[0] = begun + parts[0]
    begun = parts.pop() ?? ''
    if (!begun.startsWith(secret.slice(0, begun.length))) begun = begun.slice(0, secret.length)
    for (const line of parts) if (line !== '') onLine(line)
  }
}
