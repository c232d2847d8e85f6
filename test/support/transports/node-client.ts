/** A client on `node:http` or `node:https`, and what happens to a request of its, in order. */
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https, { type RequestOptions } from 'node:https'

export interface Ask extends RequestOptions {
  readonly body?: string
  /** Called by `request.setTimeout`; the client then destroys the request, as clients do. */
  readonly patienceMs?: number
  /** Called with the request once it has been made. */
  readonly made?: (request: ClientRequest) => void
  /** Given instead of the default `request` function of the protocol. */
  readonly via?: (url: string, options: RequestOptions) => ClientRequest
}

/** Every event that a client could act on, as text; resolves when the request, and its answer if any, is closed. */
export function ask(url: string, { body, patienceMs, made, via, ...options }: Ask = {}): Promise<string[]> {
  const make = via ?? (url.startsWith('https:') ? https : http).request
  return new Promise((resolve) => {
    const log: string[] = []
    const request = make(url, options)
    let open = 1
    const close = () => {
      if (--open === 0) resolve(log)
    }
    request.on('response', (response) => {
      open++
      follow(response, log).on('close', close)
    })
    request.on('timeout', () => {
      log.push('timeout')
      request.destroy()
    })
    request.on('error', (error) => log.push(errorText(error)))
    request.on('close', close)
    if (patienceMs !== undefined) request.setTimeout(patienceMs)
    made?.(request)
    request.end(body)
  })
}

function follow(response: IncomingMessage, log: string[]): IncomingMessage {
  log.push(`answer ${response.statusCode}`)
  let text = ''
  response.setEncoding('utf8').on('data', (data: string) => {
    text += data
  })
  response.on('end', () => log.push(`end ${text}`.trim()))
  response.on('aborted', () => log.push(`aborted after ${text}`.trim()))
  return response.on('error', (error) => log.push(`answer's ${errorText(error)}`))
}

function errorText(error: Error): string {
  const { code, syscall, errno } = error as NodeJS.ErrnoException
  const anywhere = error.message.replace(/[\d.]+:\d+/, 'ADDRESS')
  return `error ${[code, syscall, errno, anywhere].filter((part) => part !== undefined).join(', ')}`
}
