/** What the user of a job must know besides its guarantee, as pure functions of its settings. Times are µs. */
export { ordinaryCircumstances, type Circumstances } from './circumstances.js'
export { questionableSettings, type Questionable } from './questionable-settings.js'
export { notReadAgain, recordsReplayed, type Replay } from './replay.js'
export { abortScanUs, transactionBudget, type Term, type TransactionBudget } from './transaction-budget.js'
export { visibilityDelay, type VisibilityDelay } from './visibility-delay.js'
