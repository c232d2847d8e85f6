/** A project of its own with one scenario: an agent that pays, and a file that it imports. */
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './command.js'

const scenario = `import { defineScenario, say, script } from 'agent-chaos'
import { price } from './price.js'
export default defineScenario({
  name: 'pay', task: 't', model: script([say('x')]), state: () => ({ paid: 0 }),
  world: ({ state, effect }) => ({ tools: {
    look: async () => price,
    pay: async () => effect({ kind: 'pay', intent: 1 }, () => void (state.paid += price)),
  } }),
  agent: async ({ tools }) => {
    await tools.look()
    try { await tools.pay() } catch { await tools.pay() }
  },
  goal: ({ state }) => state.paid > 0, intents: [{ kind: 'pay', id: 1 }],
  budget: { reliability: 0.5, aim: 0.9 },
})\n`

/** Makes it in a folder that is there, or is made. */
export async function makePayer(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules'), { recursive: true })
  await symlink(root, join(folder, 'node_modules', 'agent-chaos'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'price.ts'), 'export const price = 4200\n')
  await writeFile(join(folder, 'pay.chaos.ts'), scenario)
}
