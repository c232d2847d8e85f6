/** `agent-chaos explain`: everything about one name, for every member of the catalogues. */
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../faults/catalogue.js'
import { decodePlan } from '../../../../faults/plan/notation.js'
import { exampleInjections, invariantText } from '../../../../harness/cli/commands/explain.js'
import { permanentErrorsNotRetried } from '../../../../harness/invariants/index.js'
import { invoke } from '../../../fixtures/cli/command-line.js'

describe('agent-chaos explain', () => {
  it.each(catalogue.map((fault) => [fault.name, fault] as const))('explains %s', async (name, fault) => {
    const { code, stdout } = await invoke(['explain', name])

    expect(code).toBe(0)
    expect(stdout.replace(/\s+/g, ' ')).toContain(fault.summary)
    expect(stdout).toContain(`class       ${fault.class}: `)
    for (const parameter of Object.keys(fault.params)) expect(stdout).toContain(`parameter ${parameter}\n`)
    for (const example of exampleInjections(fault)) expect(stdout).toContain(`  ${example}\n`)
  })

  it.each(catalogue.map((fault) => [fault.name, fault] as const))(
    'gives injections of %s that can be pasted',
    (_, fault) => {
      for (const example of exampleInjections(fault)) {
        expect(decodePlan(example, catalogue)).toMatchObject({ kind: 'plan' })
      }
    },
  )

  it('says on which wires a fault has no counterpart, and why', async () => {
    const { stdout } = await invoke(['explain', 'model/malformed-input'])
    const text = stdout.replace(/\s+/g, ' ')

    expect(text).toContain('not on anthropic messages, at once: an answer at once has the input as JSON')
    expect(text).toContain('not on anthropic messages, streamed: the API checks each field')
    expect((await invoke(['explain', 'model/max-tokens'])).stdout).not.toContain('not on')
  })

  it('explains an invariant', async () => {
    const { code, stdout } = await invoke(['explain', 'terminates'])

    expect(code).toBe(0)
    expect(stdout).toContain('terminates is promised.')
    expect(stdout).toContain('kind           liveness: ')
    expect(stdout).toContain('on by default  yes')
    expect(stdout).toContain('tested when    something happened')
    expect(stdout).toContain('it was done twice')
  })

  it('tells what an invariant does not count, by name and with the reason', () => {
    const style = { color: false, unicode: true, width: 80 }
    const entry = { ...permanentErrorsNotRetried(), on: 'listed' } as const
    const text = invariantText(entry, style).replace(/\s+/g, ' ')
    for (const [name, reason] of Object.entries(entry.exemptions ?? {})) expect(text).toContain(`${name}: ${reason}`)
    expect(Object.keys(entry.exemptions ?? {})).toContain('restart')
    expect(invariantText({ ...entry, exemptions: {} }, style)).not.toContain('No violation')
  })

  it('lets the boundary of a fault be left out, and explains all that are called so', async () => {
    const { stdout } = await invoke(['explain', 'unavailable'])

    expect(stdout).toContain('tool/unavailable\n')
    expect(stdout).toContain('model/unavailable\n')
  })

  it.each(['model/length', 'truncated'])(
    'names the fault that is told in the word of an unknown name: %s',
    async (name) => {
      const { stderr } = await invoke(['explain', name])

      expect(stderr).toContain(`"${name}". Did you mean "model/max-tokens"?`)
    },
  )

  it('names the nearest for a name that is unknown', async () => {
    const { code, stderr } = await invoke(['explain', 'tool/reply-losst'])

    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'agent-chaos: no fault or invariant is called "tool/reply-losst". Did you mean "tool/reply-lost"?\n',
    })
  })
})
