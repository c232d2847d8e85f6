/** Proves whose provider holds where several have one of the same name: the scenario's, the configuration's, the shipped one. */
import { anthropic, defineScenario, gemini, openai, say, script } from 'agent-chaos'
import type { Provider } from 'agent-chaos/provider-kit'
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../harness/contracts/scenario.js'
import { configure } from '../../../harness/define/providers.js'

const provider = (name: string, asOf: string): Provider => ({ ...anthropic, name, prices: { asOf, models: {} } })
const options = { name: 'x', task: 't', model: script([say('x')]), agent: () => 'x', goal: () => true }
const namesOf = ({ providers }: Scenario) => providers.map(({ name, prices }) => `${name} ${prices.asOf}`)
const shipped = [anthropic, openai, gemini].map(({ name, prices }) => `${name} ${prices.asOf}`)

describe('the providers of a scenario', () => {
  it('are those that ship where it says nothing', () => {
    expect(defineScenario(options).providers).toEqual([anthropic, openai, gemini])
  })

  it('are its own, then those of the configuration, then those that ship; of one name the first', () => {
    const own = defineScenario({ ...options, providers: [provider('a', 'own')] }) as Scenario
    const under = configure(own, {
      providers: [provider('a', 'configured'), provider('b', 'configured'), provider('anthropic', 'configured')],
    })
    expect(namesOf(under)).toEqual(['a own', 'b configured', 'anthropic configured', ...shipped.slice(1)])
  })

  it('are the same for a canary with its mistake repaired', () => {
    const canary = defineScenario({ ...options, expect: { violates: 'terminates' }, repaired: { agent: () => 'y' } })
    const { repaired } = configure(canary as Scenario, { providers: [provider('b', 'configured')] })
    expect(repaired && namesOf(repaired)).toEqual(['b configured', ...shipped])
  })

  it("have the scenario's endpoints before the configuration's", () => {
    const endpoints = { anthropic: { baseURL: 'https://own.example' } }
    const other = { anthropic: { baseURL: 'https://configured.example' } }
    const plain = defineScenario(options) as Scenario
    expect(configure(plain, { endpoints: other }).endpoints).toEqual(other)
    expect(configure(defineScenario({ ...options, endpoints }) as Scenario, { endpoints: other }).endpoints).toEqual(
      endpoints,
    )
  })
})
