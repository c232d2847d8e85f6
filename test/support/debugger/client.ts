/** A debugger, as an editor has one: it finds the process by what that prints, and speaks the inspector's protocol. */
import type { ChildProcess } from 'node:child_process'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'undici'

/** Where the process is stopped, in the user's own source. */
export interface Stop {
  readonly file: string
  readonly line: number
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly result?: object
  readonly params?: {
    readonly scriptId?: string
    readonly url?: string
    readonly sourceMapURL?: string
    readonly callFrames?: readonly { readonly location: Location }[]
  }
}

interface Location {
  readonly scriptId: string
  readonly lineNumber: number
  readonly columnNumber: number
}

interface Script {
  readonly url: string
  readonly map: SourceMap | undefined
}

interface Wanted {
  /** Where breakpoints are set, the line from 1. */
  readonly breakpoints: readonly Stop[]
  /** At each stop the process stays for so long. */
  readonly pauseMs: number
}

/** Attaches as soon as the process says where, and lets it go on after each stop. Resolves to the stops when it has ended. */
export function debugging(child: ChildProcess, { breakpoints, pauseMs }: Wanted): Promise<Stop[]> {
  const stops: Stop[] = []
  const scripts = new Map<string, Script>()
  let socket: WebSocket | undefined
  let id = 0
  const send = (method: string, params: object = {}) => socket?.send(JSON.stringify({ id: ++id, method, params }))
  const hear = ({ method, params = {} }: Message) => {
    if (method === 'Debugger.scriptParsed') {
      const { scriptId = '', url = '', sourceMapURL } = params
      scripts.set(scriptId, { url, map: sourceMapURL ? mapIn(sourceMapURL) : undefined })
    }
    if (method !== 'Debugger.paused') return
    const [frame] = params.callFrames ?? []
    if (frame) stops.push(stopAt(frame.location, scripts))
    setTimeout(() => send('Debugger.resume'), pauseMs)
  }
  let printed = ''
  child.stderr?.on('data', (chunk) => {
    printed += chunk
    // A process that is to end waits for whoever debugs it to let go.
    if (printed.includes('Waiting for the debugger to disconnect')) socket?.close()
    const address = /Debugger listening on (ws:\S+)/.exec(printed)?.[1]
    if (address === undefined || socket) return
    socket = new WebSocket(address)
    socket.addEventListener('open', () => {
      send('Debugger.enable')
      for (const { file, line } of breakpoints) send('Debugger.setBreakpointByUrl', { url: file, lineNumber: line - 1 })
      send('Runtime.runIfWaitingForDebugger')
    })
    socket.addEventListener('message', ({ data }) => hear(JSON.parse(String(data)) as Message))
    socket.addEventListener('error', () => {})
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => {
      socket?.close()
      resolve(stops)
    })
  })
}

function mapIn(address: string): SourceMap | undefined {
  const data = /^data:[^,]*;base64,(.*)$/.exec(address)?.[1]
  return data === undefined ? undefined : new SourceMap(JSON.parse(Buffer.from(data, 'base64').toString('utf8')))
}

function stopAt({ scriptId, lineNumber, columnNumber }: Location, scripts: ReadonlyMap<string, Script>): Stop {
  const { url = '', map } = scripts.get(scriptId) ?? {}
  const entry = map?.findEntry(lineNumber, columnNumber)
  const [file, line] =
    entry && 'originalSource' in entry ? [entry.originalSource, entry.originalLine] : [`unmapped: ${url}`, lineNumber]
  return { file: file.startsWith('file:') ? fileURLToPath(file) : file, line: line + 1 }
}
