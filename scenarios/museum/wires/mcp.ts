/** A server of MCP over HTTP that forgets idle sessions, and the requests of its clients. Apart, because two pairs have it. */
import type { WorldContext } from 'agent-chaos'

const origin = 'https://mcp.example.com'
const idleMsMax = 300_000

export interface Sessions {
  opened: number
  usedAt: number
  readonly published: string[]
}

export const noSessions = (): Sessions => ({ opened: 0, usedAt: 0, published: [] })

/** A request without a session opens one, and one of a session that is gone is answered with 404, as the specification says. */
export function serve({ http, state }: WorldContext<Sessions>): void {
  http.service(
    origin,
    ({ data, headers }) => {
      const { id, params } = data as { readonly id: number; readonly params: { readonly name?: string } }
      const session = headers['mcp-session-id']
      const isGone = session !== String(state.opened) || Date.now() - state.usedAt > idleMsMax
      if (session !== undefined && isGone) return { status: 404 }
      state.usedAt = Date.now()
      const json = { jsonrpc: '2.0', id, result: {} }
      if (session === undefined) return { headers: { 'mcp-session-id': String(++state.opened) }, json }
      if (params.name && !state.published.includes(params.name)) state.published.push(params.name)
      return { json }
    },
    { intent: () => null },
  )
}

/** A failure by its status. */
export class Answered extends Error {
  readonly status: number

  constructor(status: number) {
    super(`the server answered ${status}`)
    this.status = status
  }
}

/** Sends a request, and gives the session that the answer is of. */
export async function send(method: string, params: object, session?: string): Promise<string | undefined> {
  const response = await fetch(`${origin}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(session && { 'mcp-session-id': session }) },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(60_000),
  })
  if (!response.ok) throw new Answered(response.status)
  await response.json()
  return response.headers.get('mcp-session-id') ?? session
}
