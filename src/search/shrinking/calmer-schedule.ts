import { runExperiment } from '../experiment.js'
import { smallPart, propose, type Pass } from './pass.js'

/** Whatever is drawn comes out as its least: everywhere, or but for as few streams as possible. */
export const calmerSchedule: Pass = function* (best) {
  const { experiment } = best
  const { leastBut } = experiment.reduction ?? {}
  if (leastBut?.length === 0) return
  const calm = yield* propose(best, { reduction: { ...experiment.reduction, leastBut: [] } })
  if (calm.shows) return
  yield* smallPart(best, leastBut ?? streamsOf(experiment), (part, { experiment: { reduction } }) => ({
    reduction: { ...reduction, leastBut: part },
  }))
}

/** The streams that a run draws from. */
function streamsOf(experiment: Parameters<typeof runExperiment>[0]): readonly string[] {
  const { choices } = runExperiment(experiment, { unjudged: true, keepChoices: true })
  return [...new Set(choices.filter(({ value }) => value > 0).map(({ stream }) => stream))]
}
