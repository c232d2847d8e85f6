/** Proves that the world of a trial keeps what it was asked to keep and no more, and takes all of it to the next process. */
import { rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AgentContext, type AnyScenario, defineScenario, say, script, type TraceEvent } from 'agent-chaos'
import type { Plan } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import { runUntilCrash } from '../../../harness/trial/trial.js'
import type { TrialOptions } from '../../../harness/trial/trial-options.js'
import type { TrialEnding } from '../../../harness/trial/trial-result.js'
import type { WorldSnapshot } from '../../../harness/trial/trial-world.js'

interface Tools {
  note(what: string): Promise<string>
}

/** Prints where its file is, asks a service, and then a tool. The crash strikes that tool. */
async function agent({ attempt, tools, files }: AgentContext<string[], Tools>) {
  const path = join(files.dir, 'notes.md')
  console.log(`attempt ${attempt} writes ${path}`)
  const before = attempt > 1 ? await readFile(path, 'utf8') : ''
  await writeFile(path, `${before}${attempt}`)
  await fetch('http://notes.example.com/', { method: 'POST', body: `attempt ${attempt}` })
  return tools.note(await readFile(path, 'utf8'))
}

const scenario: AnyScenario = defineScenario<string[], Tools>({
  name: 'moved',
  task: 'Note.',
  state: () => [],
  world: ({ state, http }) => {
    http.service('http://notes.example.com', () => ({ json: {} }))
    return {
      tools: {
        note: async (what) => {
          state.push(what)
          return what
        },
      },
    }
  },
  model: script([say('unused')]),
  agent,
  goal: ({ state }) => state.length > 0,
  invariants: [],
  crash: 'hard',
})

const plan: Plan = [
  {
    sites: [{ boundary: 'tool', target: 'note' }],
    when: { kind: 'span', from: 1, to: 1, attempt: 1 },
    faults: [{ fault: 'process/crash', params: { phase: 'after' } }],
  },
]
const all = { wire: true, console: true, places: true } as const

const begin = (options: Partial<TrialOptions> = {}) => runUntilCrash(scenario, { plan, seed: 1, ...options })

/** Over the process's edge and back, as between two workers. */
async function goOn(ending: TrialEnding, options: Partial<TrialOptions> = {}) {
  if (ending.kind !== 'crashed') throw new Error(`expected a crash, but the trial ${ending.kind}`)
  const resume = JSON.parse(JSON.stringify(ending.snapshot)) as WorldSnapshot
  const last = await begin({ ...options, resume })
  if (resume.dir !== null) rmSync(resume.dir, { recursive: true, force: true })
  if (last.kind !== 'ended') throw new Error(`expected an end, but the trial ${last.kind}`)
  return last
}

describe('a world that goes on in the next process', () => {
  it('has its state, its files, its time and its record', async () => {
    const { state, trace } = await goOn(await begin())

    expect(state).toEqual(['1', '12'])
    expect(trace.events.map(({ kind }) => kind)).toContain('restart')
    expect(trace.events.filter((event) => event.kind === 'call' && event.site.boundary === 'tool')).toMatchObject([
      { occurrence: 1, attempt: 1 },
      { occurrence: 2, attempt: 1 },
    ])
  })

  it('has what passed over the wire, what was printed and where calls were made, from the first start on', async () => {
    const ended = await goOn(await begin(all), all)

    expect(ended.wire?.map(({ request }) => request.body)).toEqual(['attempt 1', 'attempt 2'])
    const lines = ended.console?.lines.map(({ text }) => text)
    expect(lines).toEqual(['attempt 1 writes <files>/notes.md', 'attempt 2 writes <files>/notes.md'])
    const calls = ended.trace.events.flatMap((event, index) => (event.kind === 'call' ? [index] : []))
    expect(ended.places?.map(({ event }) => event)).toEqual(calls)
  })

  it('keeps nothing beside the trace unless it is asked to', async () => {
    const ended = await goOn(await begin())

    expect([ended.wire, ended.console, ended.places]).toEqual([undefined, undefined, undefined])
  })
})

describe('each event', () => {
  it.each([true, false])('is reported as it is recorded, whether places are kept (%s) or not', async (places) => {
    const heard: TraceEvent[] = []
    const quick = { ...scenario, agent: async () => 'done' }
    const ended = await runUntilCrash(quick, { plan: [], seed: 1, places, onEvent: (event) => heard.push(event) })

    expect(ended.kind === 'ended' && ended.trace.events).toEqual(heard)
    expect(heard.length).toBeGreaterThan(0)
  })
})

describe('what is printed', () => {
  it('is as it was written, where the trial has no files', async () => {
    const prints = { ...scenario, agent: async () => console.log('in no folder') }
    const ended = await runUntilCrash(prints, { plan: [], seed: 1, console: true })

    expect(ended).toMatchObject({ kind: 'ended', console: { lines: [{ text: 'in no folder' }], omitted: 0 } })
  })
})
