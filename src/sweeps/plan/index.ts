// The door to plans: trials, cohorts, blocks, and what is left of them.

export type { Ask, AskContext, ToldRow } from "./ask.js";
export { batchId, MOST_BLOCK_ROWS, rangesOf } from "./blocks.js";
export type { Group } from "./groups.js";
export { halvingSteps, rungBudgets, rungSizes, survivors, type JudgedRow } from "./halving.js";
export { blocksLeft, type CommittedRows, type Retry, type RowsAt } from "./left.js";
export { philoxInto, STREAMS, unitInterval } from "./philox.js";
export {
  blockTrials,
  cohortOf,
  firstBlocks,
  planOf,
  type Cohort,
  type Plan,
  type PlanOptions,
} from "./plan.js";
export {
  activeValues,
  columnValue,
  isActiveAt,
  seedAt,
  trialAt,
  trialConfig,
  trialOf,
  trialTable,
  type Column,
  type TrialTable,
} from "./trials.js";
export { spaceOf, type AskedPoints, type Space } from "./space.js";
export { explainPlan, planText, type PlanFacts, type RungFacts } from "./explain.js";
