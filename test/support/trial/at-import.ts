/** A client made when its module is loaded, as most applications have it. */
import Anthropic from '@anthropic-ai/sdk'

export const client = new Anthropic()
