/**
 * Pushwoosh customer journeys and EngageLab contacts as Pulumi resources.
 *
 * @packageDocumentation
 */
export * as pushwoosh from "./sdk/pushwoosh";
