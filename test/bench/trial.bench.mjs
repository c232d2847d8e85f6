/**
 * Whole trials per second for an agent of six model calls and five tool calls on the real SDK, beside the floor: the
 * same calls on the SDK with a new client per trial and an in-memory `fetch` that parses the request and returns a
 * `Response`, with no harness. Rounds alternate, so that a drift of the machine meets both alike.
 */
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, runTrial, say, script } from 'agent-chaos'
import { Bench } from 'tinybench'

const steps = 5
const tools = [{ name: 'look', description: 'Looks a thing up.', input_schema: { type: 'object', properties: {} } }]
const filler = 'The quick brown fox jumps over the lazy dog. '.repeat(10)

async function agent(client, look) {
  const messages = [{ role: 'user', content: `Look five things up. ${filler}` }]
  for (;;) {
    const reply = await client.messages.create({ model: 'claude-opus-5-5', max_tokens: 1024, messages, tools })
    messages.push({ role: 'assistant', content: reply.content })
    const calls = reply.content.filter((block) => block.type === 'tool_use')
    if (calls.length === 0) return reply
    const results = []
    for (const block of calls) {
      const result = await look(block.input)
      results.push({ type: 'tool_result', tool_use_id: block.id, content: JSON.stringify(result) })
    }
    messages.push({ role: 'user', content: results })
  }
}

const look = async ({ step }) => ({ step, found: filler })

/** The floor's endpoint: it parses the body, as any fake must, and answers from the number of messages. */
async function floorFetch(_url, init) {
  const { messages } = JSON.parse(init.body)
  const turn = (messages.length - 1) / 2
  const content =
    turn < steps
      ? [{ type: 'tool_use', id: `toolu_${turn}`, name: 'look', input: { step: turn } }]
      : [{ type: 'text', text: 'Done.' }]
  const message = {
    id: `msg_${turn}`,
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-5-5',
    content,
    stop_reason: turn < steps ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 100, output_tokens: 10 },
  }
  return new Response(JSON.stringify(message), { status: 200, headers: { 'content-type': 'application/json' } })
}

const scenarioWith = (latencyMs) =>
  defineScenario({
    name: `bench-${latencyMs}`,
    task: 'Look five things up.',
    state: () => ({ done: 0 }),
    world: () => ({ tools: { look } }),
    model: script([...Array.from({ length: steps }, (_, step) => call('look', { step })), say('Done.')]),
    agent: ({ tools: { look } }) => agent(new Anthropic(), look),
    goal: () => true,
    latency: { modelMs: latencyMs },
  })

const instant = scenarioWith(0)
const usual = scenarioWith(500)
const floor = () => agent(new Anthropic({ apiKey: 'none', fetch: floorFetch }), look)
const trial = () => runTrial(instant)
const slow = () => runTrial(usual)

/** One round of each, in turn; medians over the rounds. */
async function rounds(count, ms) {
  const rates = { floor: [], trial: [], slow: [] }
  for (let round = 0; round < count; round++) {
    const bench = new Bench({ time: ms, warmupTime: round === 0 ? 1_000 : 50 })
    bench.add('floor', floor).add('trial', trial).add('slow', slow)
    await bench.run()
    for (const task of bench.tasks) rates[task.name].push(task.result.latency.p50 ?? task.result.latency.mean)
  }
  return Object.fromEntries(
    Object.entries(rates).map(([name, values]) => [name, values.sort((a, b) => a - b)[count >> 1]]),
  )
}

const medians = await rounds(7, 700)
const row = (name, ms) =>
  console.log(
    `${name.padEnd(44)} ${(ms * 1000).toFixed(0).padStart(6)} µs ${(1000 / ms).toFixed(0).padStart(7)} trials/s  ${(ms / medians.floor).toFixed(2)}x`,
  )
row('floor: SDK and in-memory fetch, no harness', medians.floor)
row('trial, model answers at once', medians.trial)
row('trial, model takes 500 virtual ms', medians.slow)
