/** An output stream whose reader may go away (`| head`): what is written afterwards is dropped, and nothing crashes. */
import type { Sink } from '../context.js'

export interface ProcessSink extends Sink {
  /** Resolves when all that was written has left the process, or nobody reads it any more. */
  drained(): Promise<void>
}

/** Throws what goes wrong on the stream, except that its reader is gone. */
export function sinkOf(stream: NodeJS.WriteStream): ProcessSink {
  let isClosed = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    isClosed = true
  })
  return {
    write: (text) => {
      if (!isClosed) stream.write(text)
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns
    },
    drained: () =>
      new Promise((resolve) => {
        if (isClosed) resolve()
        else stream.write('', () => resolve())
      }),
  }
}
