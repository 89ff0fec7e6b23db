import * as pulumi from "@pulumi/pulumi";
import { pushwoosh } from "pulumi-journeys";
import { email, exit, push, splitOnOpened, waitOneDay } from "./placeholders";

const config = new pulumi.Config();
const applicationCode = config.require("applicationCode");

const welcome = new pushwoosh.Journey("welcome", {
  title: "Welcome series",
  applicationCode,
  status: "running",
  // An edit of a running journey pauses it for a moment: people whose wait ends meanwhile may be lost.
  editWhileRunning: "pause-and-resume",
  points: {
    signedUp: pushwoosh.startBySegment(
      { application_code: applicationCode, filter_code: config.require("segment") },
      { next: "hello" },
    ),
    hello: push("Hello! Good to have you here.", "oneDay"),
    oneDay: waitOneDay("opened"),
    opened: splitOnOpened("hello", { output1: "done", default: "reminder" }),
    reminder: email("Did you miss our hello?", "done"),
    done: exit(),
  },
});

export const journeyId = welcome.journeyId;
export const status = welcome.status;
