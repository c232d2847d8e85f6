/** `agent-chaos work`: runs trials for runs that another machine leads. */
import { resolve } from 'node:path'
import { quantity } from '../../../reports/drawing/words.js'
import { UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { exits } from '../output/exit.js'
import { codeOf } from '../output/journal-file.js'
import { connectServer } from '../output/run-queue.js'

export async function work({ queue, workers, wait }: FlagsOf<'work'>, context: Context): Promise<ExitCode> {
  const { io, version } = context
  const tell = (text: string) => io.stderr.write(`agent-chaos: ${text}\n`)
  const url = expectQueue(queue, 'work')
  const { work: workFor, openHere } = await context.queue()
  const server = await connectServer(url, context)
  const controller = new AbortController()
  const dispose = io.onInterrupt(() => {
    if (controller.signal.aborted) return io.kill(exits.interrupted)
    tell('finishes what it has begun; once more ends it at once')
    controller.abort()
  })
  try {
    const { ranges, trials, refused } = await workFor(server, {
      root: io.cwd,
      version,
      workers,
      waitMs: wait * 1_000,
      openExecutors: openHere,
      codeOf: ({ files, config, known }) =>
        codeOf(
          files.map((file) => resolve(io.cwd, file)),
          { config, known },
          io.cwd,
        ),
      tell,
      signal: controller.signal,
    })
    tell(`ran ${quantity(trials, 'trial')} in ${quantity(ranges, 'range')}`)
    if (controller.signal.aborted) return exits.interrupted
    if (ranges > 0) return exits.passed
    if (refused > 0) return exits.usage
    tell('was handed nothing, so nothing is known: is the run led elsewhere over already?')
    return exits.inconclusive
  } finally {
    dispose()
    await server.close()
  }
}

/** Throws a `UserError` where none was given. */
export function expectQueue(queue: string | undefined, command: string): string {
  if (queue !== undefined) return queue
  throw new UserError(
    `${command} needs the server of a queue: expected --queue redis://HOST:PORT or postgres://HOST:PORT/DATABASE`,
  )
}
