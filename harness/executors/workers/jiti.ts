/**
 * The loader of the user's modules. It is required when it is first needed, and not imported: that takes 10 ms, and Node
 * would read all of a CommonJS file for the names that it exports, which takes as long again.
 */
import { createRequire } from 'node:module'

type Loader = typeof import('jiti')

const require = createRequire(import.meta.url)

export const createJiti: Loader['createJiti'] = (...given) => (require('jiti') as Loader).createJiti(...given)
