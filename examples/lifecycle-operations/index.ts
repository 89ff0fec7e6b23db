import * as pulumi from "@pulumi/pulumi";
import { pushwoosh } from "pulumi-journeys";

const config = new pulumi.Config();
const applicationCode = config.require("applicationCode");

const launch = new pushwoosh.Journey("launch", {
  title: "Launch",
  applicationCode,
  status: "running",
  editWhileRunning: "pause-and-resume",
  forceDestroy: true,
  points: {
    // The vendor documents neither the fields nor the type's name: copy yours from an API answer.
    invited: pushwoosh.startByApi({}, { next: "news" }),
    news: {
      type: "POINT_TYPE_SEND_PUSH",
      role: "message",
      title: "News",
      data: { send_push: { content: { en: "It is here." } } },
    },
  },
});

// Done once: only another trigger enters people again, not a longer list and not another journey.
const firstWave = new pushwoosh.JourneyEntry("first-wave", {
  journey: launch,
  users: ["user-1", "user-2", "user-3"],
  triggers: ["first wave"],
});

// Done once: takes somebody out again who asked for it. Triggers are plain text: they name an occasion, never a person.
const optedOut = new pushwoosh.UserRemoval(
  "opted-out",
  { userIds: ["user-2"], journeyIds: [launch.journeyId], triggers: ["requests of Monday"] },
  { dependsOn: [firstWave] },
);

export const outcome = firstWave.outcome;
export const peopleEntered = firstWave.peopleEntered;
export const removedAt = optedOut.removedAt;
// Figures of the journey's messages, read anew by each preview and each up.
export const figures = pushwoosh.getJourneyStatisticsOutput({ journeyId: launch.journeyId });
