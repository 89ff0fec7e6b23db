/** The typed points, for programs: every setting may be given as an Output. */
import type * as pulumi from "@pulumi/pulumi";
import * as points from "../pushwoosh/journey/points";
import type { PointInput } from "./pushwoosh-shapes";

/** The same settings, each of which may be an Output. */
export type Settings<T> = { [Key in keyof T]: pulumi.Input<T[Key]> };

/** What every typed point takes besides its own settings. */
export type PointOptions = Settings<points.PointOptions>;

export type StartBySegment = Settings<points.StartBySegment>;
export type MessageBus = Settings<points.MessageBus>;

/** People who match a segment enter. Source: vendor, point reference. */
export const startBySegment = points.startBySegment as (data: StartBySegment, options?: PointOptions) => PointInput;

/** People who trigger an event enter. Source: vendor, point reference. */
export const startByEvent = points.startByEvent as (data: MessageBus, options?: PointOptions) => PointInput;

/**
 * People sent by the start-by-API call enter. The vendor documents the key, but neither its fields nor the type's name:
 * pass the fields of an API answer. The type is inferred from its siblings and can be given.
 */
export const startByApi = points.startByApi as (
  data?: { [key: string]: unknown },
  options?: PointOptions & { /** Default: `POINT_TYPE_START_BY_API` (inferred). */ type?: string },
) => PointInput;
