/**
 * Pushwoosh customer journeys and EngageLab contacts as Pulumi resources.
 *
 * @packageDocumentation
 */
export * as engagelab from "./sdk/engagelab";
export * as pushwoosh from "./sdk/pushwoosh";
