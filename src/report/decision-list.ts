/**
 * Outcomes of all combinations of conditions, told as few rules of which the first that applies decides (a decision list; Rivest, 1987):
 * a condition that outweighs all others is said once, not again with each of them.
 */

/** What comes of a set of conditions that hold together; none for what is there without any. */
export interface Case {
  readonly conditions: readonly string[]
  readonly outcome: string
}

/**
 * Rules in order. The first one whose conditions all hold gives the outcome of each of the cases, which must be of different sets.
 * Rules of few conditions are preferred, then those that tell most cases, then those that come first.
 */
export function decisionList(cases: readonly Case[]): Case[] {
  const rules: Case[] = []
  for (let untold = [...cases]; untold.length > 0;) {
    const rule = bestRule(untold)
    if (rule === undefined) throw new RangeError('two cases of the same conditions')
    rules.push(rule)
    untold = untold.filter((each) => !applies(rule, each))
  }
  return rules
}

/** Of those that are right wherever they apply. One with the most conditions always is: it applies to nothing but itself. */
function bestRule(untold: readonly Case[]): Case | undefined {
  const told = (rule: Case): number => untold.filter((each) => applies(rule, each)).length
  return untold
    .filter((rule) => untold.every((each) => !applies(rule, each) || each.outcome === rule.outcome))
    .sort((one, other) => one.conditions.length - other.conditions.length || told(other) - told(one))[0]
}

function applies(rule: Case, to: Case): boolean {
  return rule.conditions.every((condition) => to.conditions.includes(condition))
}
