import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, runTrial, say, script } from 'agent-chaos'
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
    for (const block of calls) results.push({ type: 'tool_result', tool_use_id: block.id, content: JSON.stringify(await look(block.input)) })
    messages.push({ role: 'user', content: results })
  }
}
const s = defineScenario({ name:'b', task:'x', world:()=>({tools:{look: async ({step})=>({step,found:filler})}}), model: script([...Array.from({length:5},(_, step)=>call('look',{step})), say('Done.')]), agent: ({tools:{look}})=>agent(new Anthropic(), look), goal:()=>true, latency:{modelMs: Number(process.argv[2]??0)} })
for (let i=0;i<300;i++) await runTrial(s)
for (let r=0;r<30;r++){ const t=performance.now(); for (let i=0;i<1000;i++) await runTrial(s); console.log(((performance.now()-t)).toFixed(0),'µs/trial') }
