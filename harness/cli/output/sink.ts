/** An output stream whose reader may go away (`| head`), or whose disk may be full: what is written afterwards is dropped. */
import { isSystemError } from '../../contracts/system-error.js'
import type { Sink } from '../context.js'
import { writeAll } from './replace-file.js'
import { statOfDescriptor } from './stat.js'

type ProcessStream = NodeJS.WriteStream & { readonly fd: number }

export interface ProcessSink extends Sink {
  /** Resolves when all that was written has left the process, or nothing more can. */
  drain(): Promise<void>
}

/** `onFailure` is called once, for anything but a reader that is gone: whoever went away had seen enough. */
export function sinkOf(stream: ProcessStream, onFailure: (error: Error) => void): ProcessSink {
  let isClosed = false
  const close = (error: NodeJS.ErrnoException) => {
    const isFirst = !isClosed
    isClosed = true
    if (isFirst && !isReaderGone(error, stream)) onFailure(error)
  }
  stream.on('error', close)
  const isFile = goesToFile(stream)
  const write = (text: string) => {
    // Of a disk that is nearly full it takes a part, and Node's stream would pass over the rest.
    if (isFile) writeAll(stream.fd, Buffer.from(text))
    else stream.write(text)
  }
  return {
    fd: stream.fd,
    write: (text) => {
      if (isClosed) return
      try {
        write(text)
      } catch (error) {
        if (!isSystemError(error)) throw error
        close(error)
      }
    },
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns
    },
    drain: () =>
      new Promise((resolve) => {
        if (isClosed || isFile) resolve()
        else stream.write('', () => resolve())
      }),
  }
}

/** Or to a device, other than a terminal: what Node writes to by the same stream. */
/** A terminal that is gone answers EIO; of anything else that is a failure. */
function isReaderGone({ code }: NodeJS.ErrnoException, { isTTY }: ProcessStream): boolean {
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || (code === 'EIO' && isTTY === true)
}

function goesToFile({ fd, isTTY }: ProcessStream): boolean {
  if (fd === undefined || isTTY) return false
  const found = statOfDescriptor(fd)
  return found.isFile() || found.isCharacterDevice()
}
