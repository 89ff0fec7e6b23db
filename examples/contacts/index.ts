import { engagelab } from "pulumi-journeys";

// Campaigns are sent to tags.
const newsletter = new engagelab.ContactTag("newsletter", { name: "newsletter" });

// Names of resources end up in URNs and logs: they name the role, never the address.
const people = {
  founder: { email: "ada@example.com", name: "Ada" },
  editor: { email: "grace@example.com", name: "Grace" },
  reader: { email: "joan@example.com", name: "Joan" },
};

const contacts = Object.entries(people).map(
  ([role, person]) => new engagelab.Contact(role, { ...person, tags: [newsletter.name] }),
);

export const contactIds = contacts.map(({ contactId }) => contactId);
