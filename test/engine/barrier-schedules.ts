/** Random channels for barrier handlers, and random orders in which they deliver. */
import fc from 'fast-check'
import type { BarrierBench, ChannelElement, Delivery } from './barrier-bench.js'

/** Channels of one task: each sends, skips or cancels the same checkpoints in the order of ids, with records between, and ends. */
export function channelScripts(): fc.Arbitrary<ChannelElement[][]> {
  const fate = fc.constantFrom('barrier', 'barrier', 'barrier', 'barrier', 'cancel-marker', 'skipped')
  const channel = fc.array(fc.record({ fate, records: fc.nat({ max: 2 }) }), { minLength: 1, maxLength: 6 })
  return fc.array(channel, { minLength: 1, maxLength: 4 }).map((channels) => channels.map(scriptOf))
}

function scriptOf(
  steps: readonly { readonly fate: 'barrier' | 'cancel-marker' | 'skipped'; readonly records: number }[],
): ChannelElement[] {
  const elements = steps.flatMap(({ fate, records }, index): ChannelElement[] => {
    const before = Array.from({ length: records }, (): ChannelElement => ({ type: 'record' }))
    return fate === 'skipped' ? before : [...before, { type: fate, checkpoint: index + 1 }]
  })
  return [...elements, { type: 'end' }]
}

/** Delivers everything in an order of the choices; a blocked channel waits. Stuck when something is left that may not be delivered. */
export function runSchedule<S>(
  bench: BarrierBench<S>,
  scripts: readonly (readonly ChannelElement[])[],
  choices: Iterator<number>,
): { readonly deliveries: readonly Delivery[]; readonly stuck: boolean } {
  const next = scripts.map(() => 0)
  const deliveries: Delivery[] = []
  for (;;) {
    const left = scripts.map((_, channel) => channel).filter((channel) => (next[channel] ?? 0) < (scripts[channel]?.length ?? 0))
    const ready = left.filter((channel) => !bench.blocked.has(channel))
    if (ready.length === 0) return { deliveries, stuck: left.length > 0 }
    const channel = ready[choices.next().value % ready.length] ?? 0
    const element = scripts[channel]?.[next[channel] ?? 0] ?? { type: 'end' }
    next[channel] = (next[channel] ?? 0) + 1
    deliveries.push({ channel, element })
    bench.deliver(channel, element)
  }
}
