/** What is said where code under test does something else when it is repeated. */

const WHEN_REPEATED = 'not deterministic when repeated'

/** Why a step must not be: it differs here when it is repeated. */
export function notDeterministic(where: string): string {
  return `${WHEN_REPEATED}: ${where}`
}

/** Whether that is what is wrong. The way there need not be gone by a world again. */
export function isNotDeterministic(reason: string): boolean {
  return reason.startsWith(WHEN_REPEATED)
}

/** What makes steps differ that are the same. */
export const LIKELY_CAUSE =
  "the likely cause is code that keeps state outside of its actor, such as user code outside of Flink's state, or that asks a clock or for random numbers"
