/** A refund agent that sends no idempotency key: its first violation comes soon. */
import { defineScenario } from 'agent-chaos'
import { agentWith, shop } from '../../../scenarios/refund/shop.js'

export default defineScenario({ ...shop, name: 'failing-refund', agent: agentWith({ keyFor: () => undefined }) })
