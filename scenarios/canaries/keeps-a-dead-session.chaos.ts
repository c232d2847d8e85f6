/** Wrong on purpose: the server has forgotten its idle session, and it goes on with the dead one, honestly failing for ever. */
import { setTimeout as sleep } from 'node:timers/promises'
import { defineScenario, say, script } from 'agent-chaos'
import { recoversOnceHealed } from 'agent-chaos/invariants'

const api = 'https://sessions.example.com'
const [readings, pauseMs, idleMsMax] = [12, 20_000, 60_000]

/** Reads a meter again and again; `renews` says whether a session that is gone is replaced. */
function reader(renews: boolean) {
  return async () => {
    let session: string | undefined
    let missed = 0
    for (let n = 0; n < readings; n++) {
      try {
        session ??= await post('open', '')
        await post('read', session)
      } catch (error) {
        missed++
        const { status } = error as { readonly status?: number }
        if (status === 404 && renews) session = undefined
        // The server asks to be left alone.
        else if (status === 503) await sleep(90_000)
      }
      await sleep(pauseMs)
    }
    if (missed > 2) throw new Error(`${missed} of ${readings} readings are missing`)
    return `${readings - missed} readings`
  }
}

async function post(path: string, session: string): Promise<string> {
  const response = await fetch(`${api}/${path}`, {
    method: 'POST',
    body: JSON.stringify({ at: Date.now() }),
    headers: { 'content-type': 'application/json', session },
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw Object.assign(new Error(`answered ${response.status}`), { status: response.status })
  return ((await response.json()) as { readonly session: string }).session
}

export default defineScenario<{ read: number; opened: number; usedAt: number }, object>({
  name: 'keeps-a-dead-session',
  task: 'Read the meter twelve times.',
  state: () => ({ read: 0, opened: 0, usedAt: 0 }),
  world: ({ http, state }) => {
    http.service(
      api,
      ({ url, headers }) => {
        const now = Date.now()
        const isAlive = headers.session === String(state.opened) && now - state.usedAt <= idleMsMax
        if (url.pathname === '/open') state.opened++
        else if (!isAlive) return { status: 404 }
        else state.read++
        state.usedAt = now
        return { json: { session: String(state.opened) } }
      },
      { intent: () => null },
    )
    return { tools: {} }
  },
  model: script([say('not asked')]),
  agent: reader(false),
  goal: ({ state }) => state.read >= readings - 2,
  invariants: [recoversOnceHealed()],
  expect: { violates: 'recovers-once-healed' },
  repaired: { agent: reader(true) },
  faults: ['http/unavailable', 'http/server-error', 'http/reply-lost'],
  budget: { spend: { seconds: 900 } },
})
