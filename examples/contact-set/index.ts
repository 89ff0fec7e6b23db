import { engagelab } from "pulumi-journeys";

// Campaigns are sent to tags, and a value needs its property: both have to be there before the members that carry them.
const tags = ["customers", "trial", "paying"].map((name) => new engagelab.ContactTag(name, { name }));
const city = new engagelab.ContactField("city", { name: "City", type: "text" });

const customers = new engagelab.ContactSet(
  "customers",
  {
    source: { file: "customers.csv" },
    tags: ["customers"],
    // Who leaves the file is deleted, unless the contact existed before or opted out. Without it contacts stay.
    onRemoval: "delete",
  },
  { dependsOn: [...tags, city] },
);

export const members = customers.memberCount;
export const optedOut = customers.unsubscribedCount;
