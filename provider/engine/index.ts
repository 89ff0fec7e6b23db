/**
 * A small local engine for Pulumi programs, for tests and demonstrations: `pulumi-journeys/testing`. It runs the real SDK and
 * the real process for dynamic resources. It is not the Pulumi CLI; README.md in this folder says where they differ.
 */
export type { PendingOperation, Resource, UntypedDeployment } from "./deployment.js";
export { type DisplayOptions, display } from "./display.js";
export { type Engine, selectEngine } from "./engines.js";
export {
  type Diagnostic,
  type EngineEvent,
  type Operation,
  OperationFailed,
  type OperationResult,
  type OutputLine,
  orThrow,
  type Step,
  type StepOp,
} from "./events.js";
export { formatPath, type Path, type PropertyChange } from "./paths.js";
export type { InlineProgram, Program, ProgramFolder } from "./program.js";
export type { StopPoint } from "./run.js";
export { deploy, Stack } from "./stack.js";
export type { ConfigValue, RefreshOptions, StackEngine, StackOptions } from "./stack-options.js";
