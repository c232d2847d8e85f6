/** Proves that agents on OpenAI's own SDK are judged by the search as it is by default: the correct ones stand it. */
import { assertResilient } from 'agent-chaos'
import { expect, it } from 'vitest'
import openaiChat from '../../scenarios/correct/openai-chat.js'

it.each([['chat', openaiChat]])('the agent on %s withstands what a search by default brings', async (_api, scenario) => {
  await expect(assertResilient(scenario)).resolves.toBeUndefined()
})
