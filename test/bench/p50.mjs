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
// The key comes from the environment on both sides, as it does for an agent in production.
process.env.ANTHROPIC_API_KEY ??= 'none'
const floor = () => agent(new Anthropic({ fetch: floorFetch }), look)
const trial = () => runTrial(instant)
const slow = () => runTrial(usual)

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1]

/** Short rounds of each in turn: the ratio is taken within a round, where the machine's speed is the same for all. */
async function measure(rounds, ms) {
  const seen = { floor: [], trial: [], slow: [] }
  const ratios = { floor: [], trial: [], slow: [] }
  for (let round = -5; round < rounds; round++) {
    const bench = new Bench({ time: ms, warmup: false })
    bench.add('floor', floor).add('trial', trial).add('slow', slow)
    await bench.run()
    if (round < 0) continue // Until the machine code has settled.
    const p50 = Object.fromEntries(bench.tasks.map((task) => [task.name, task.result.latency.p50]))
    for (const name of Object.keys(seen)) {
      seen[name].push(p50[name])
      ratios[name].push(p50[name] / p50.floor)
    }
  }
  return { ms: (name) => median(seen[name]), ratio: (name) => median(ratios[name]) }
}


async function p(f,n){const t=[];for(let i=0;i<n;i++){const a=performance.now();await f();t.push((performance.now()-a)*1000)}return t}
const all=[[],[],[]]
for(let r=0;r<30;r++){const fs=[floor,trial,slow];for(let i=0;i<3;i++){const t=await p(fs[i],100);if(r>=8)all[i].push(...t)}}
console.log(all.map(t=>t.sort((a,b)=>a-b)[Math.floor(t.length*.4)].toFixed(0)).join(' '))
