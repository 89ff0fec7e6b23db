/** Pushwoosh journeys and EngageLab contacts on your own machine: stateful, over real HTTP, with faults on demand. */

export type { SwitchDeclaration } from "./declaration";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator";
export type { EngagelabAccount, EngagelabRegion } from "./engagelab/accounts";
export type { ContactBehind, EditableContact, EngagelabBehind } from "./engagelab/behind";
export type { Author, WriteAction } from "./engagelab/contact";
export type { Property, PropertyType } from "./engagelab/properties";
export type { ContactSeed } from "./engagelab/seed";
export type { EngagelabSwitches } from "./engagelab/switches";
export type { ContactDeletion, ContactEdition, ContactSnapshot, EngagelabView } from "./engagelab/view";
export { type ActiveFault, type Fault, type FaultKind, faultKinds, parseFault } from "./faults";
export type { Hook, HookMoment } from "./hooks";
export type { JournalEntry, RequestFilter } from "./journal";
export type { Entry, Removal } from "./pushwoosh/account";
export type { EditableJourney, JourneyBehind } from "./pushwoosh/behind";
export type { Edition, JourneyStatus, LifecycleAction, Transition } from "./pushwoosh/journey";
export type { PushwooshBehind } from "./pushwoosh/platform";
export type { PushwooshSwitches } from "./pushwoosh/switches";
export type { JourneySnapshot, PushwooshView } from "./pushwoosh/view";
export type { EmulatorConfig } from "./settings";
export { parseSwitch, type Switch, switches } from "./switches";
