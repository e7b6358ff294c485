/**
 * Which operators of a stream graph share a task: `StreamingJobGraphGenerator.isChainable` as far as an execution plan shows what it looks
 * at.
 */

/** A node of `getExecutionPlan()`. */
export interface StreamNode {
  readonly id: string
  readonly name: string
  readonly isSource: boolean
  readonly parallelism: number
  readonly inputs: readonly { readonly from: string; readonly ship: string }[]
}

/** What the rule looks at but an execution plan does not show. */
export const unseenByChaining =
  'an execution plan shows neither slot sharing groups nor chaining switched off for single operators (disableChaining, startNewChain); chains are as without them'

/** Names that Flink gives sources on the old interface, which an operator that yields (asynchronous I/O) is never chained to. */
const legacySource = /^Source: (?:Custom Source|Collection Source|Socket Stream|Custom File Source|Sequence Source|Custom File source)$/

/** Operators of an iteration carry no operator factory and are never chained. */
export const iterationEnd = /^Iteration(?:Source|Sink)-\d+$/

/** Whether the only input of `down` is chained to its producer `up`. */
export function isChainable(up: StreamNode, down: StreamNode): boolean {
  const [input, ...others] = down.inputs
  return (
    input !== undefined &&
    others.length === 0 &&
    input.ship === 'FORWARD' &&
    !down.isSource &&
    up.parallelism === down.parallelism &&
    !iterationEnd.test(up.name) &&
    !iterationEnd.test(down.name) &&
    !(down.name === 'async wait operator' && legacySource.test(up.name))
  )
}
