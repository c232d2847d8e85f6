/** `agent-chaos cancel`: ends a run that stands in a queue, whoever leads it. */
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { exits } from '../output/exit.js'
import { connectServer } from '../output/run-queue.js'
import { expectQueue } from './work.js'

export async function cancel(id: string, { queue }: FlagsOf<'cancel'>, context: Context): Promise<ExitCode> {
  const url = expectQueue(queue, 'cancel')
  const { cancelRun } = await context.queue()
  const server = await connectServer(url, context)
  try {
    await cancelRun(server, id)
  } finally {
    await server.close()
  }
  context.io.stderr.write(`agent-chaos: ${id} is cancelled: whoever leads it reports what there is\n`)
  return exits.passed
}
