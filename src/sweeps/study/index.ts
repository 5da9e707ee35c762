// The door to study files: reading them, their identity, what two of them differ in.

export { loadAsk } from "./ask-module.js";
export {
  hashedContent,
  identityOf,
  studyDifferences,
  studyIdentity,
  type StudyFacts,
} from "./identity.js";
export { inlineParameter } from "./inline.js";
export { loadStudy, type LoadedStudy } from "./load.js";
export { parseSpec, type Override } from "./overrides.js";
export { readStudy, type ReadOptions } from "./read.js";
export { taskTree, type TaskSettings, type Tasks } from "./tasks.js";
