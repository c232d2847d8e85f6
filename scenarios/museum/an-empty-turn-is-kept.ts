/** Wrong on purpose: a reply that broke off before its first word is kept as an empty turn, and every later request is refused for it. */
// As reported in anthropics/claude-code#88536, told anew.
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, defineScenario, say, script } from 'agent-chaos'

const questions = ['Where is the config read?', 'And where is it written?']
const triesMax = 4

const chat = (keeps: (text: string) => boolean) => {
  return async (_: AgentContext<object, object>): Promise<string> => {
    const client = new Anthropic({ maxRetries: 0, timeout: 60_000 })
    const messages: Anthropic.MessageParam[] = []
    /** What came of the answer, nothing where it never began; and whether it is whole. */
    const ask = async (): Promise<readonly [string | undefined, boolean]> => {
      const stream = client.messages.stream({ model: 'claude-opus-5-5', max_tokens: 512, messages })
      let text: string | undefined
      stream.on('connect', () => {
        text = ''
      })
      stream.on('text', (_, soFar) => {
        text = soFar
      })
      try {
        const { stop_reason } = await stream.finalMessage()
        return [text, stop_reason === 'end_turn' && text !== '']
      } catch {
        return [text, false]
      }
    }
    for (const question of questions) {
      messages.push({ role: 'user', content: question })
      for (let tried = 1; ; tried++) {
        const [text, isWhole] = await ask()
        const isKept = text !== undefined && keeps(text)
        if (isKept) messages.push({ role: 'assistant', content: [{ type: 'text', text }] })
        if (isWhole) break
        if (tried === triesMax) throw new Error(`no answer to: ${question}`)
        if (isKept) messages.push({ role: 'user', content: 'Go on.' })
        await sleep(5_000 * tried)
      }
    }
    return 'Both questions are answered.'
  }
}

export default defineScenario({
  name: 'an-empty-turn-is-kept',
  task: questions.join(' '),
  state: () => ({}),
  model: script([say('It is read in config.ts, in the function that the entry calls first.'), say('In save.ts.')]),
  agent: chat(() => true),
  goal: () => true,
  faults: ['model/stream-error', 'model/stream-cut', 'model/overloaded'],
  expect: { violates: 'transcript-well-formed' },
  repaired: { agent: chat((text) => text !== '') },
})
