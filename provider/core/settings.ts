/**
 * All settings, in one table: where each is read from, what it means, and what it is when nobody set it. The README's
 * configuration section and schema.json are made from it.
 */

export interface Setting {
  kind: "string" | "url" | "boolean" | "number" | "enum" | "path";
  /** The environment variable that is read when the stack configuration has nothing. */
  env: string;
  description: string;
  default?: string | number | boolean;
  secret?: true;
  /** For a number: the smallest that is allowed. */
  least?: number;
  /** For a number: whether it must be whole. */
  whole?: boolean;
  /** For an enum: what is allowed. */
  choices?: readonly string[];
}

/** The key in a stack configuration is `journeys:` and the name. */
export const settings = {
  pushwooshApiToken: {
    kind: "string",
    env: "PUSHWOOSH_API_TOKEN",
    secret: true,
    description: "Server API token of Pushwoosh, with access to every application whose journeys are declared.",
  },
  pushwooshJourneyUrl: {
    kind: "url",
    env: "JOURNEYS_PUSHWOOSH_JOURNEY_URL",
    default: "https://journey.pushwoosh.com",
    description: "Address of the journey API; another one in dedicated regions and private deployments.",
  },
  pushwooshApiUrl: {
    kind: "url",
    env: "JOURNEYS_PUSHWOOSH_API_URL",
    default: "https://api.pushwoosh.com",
    description: "Address of the message statistics API; another one in dedicated regions and private deployments.",
  },
  pushwooshAuthScheme: {
    kind: "string",
    env: "JOURNEYS_PUSHWOOSH_AUTH_SCHEME",
    description:
      "Word before the token in the Authorization header: Api, Key, Token or Bearer for all methods, or a JSON object " +
      "from method to word. When not set, each method uses the word its documentation shows.",
  },
  pushwooshUseUndocumentedList: {
    kind: "boolean",
    env: "JOURNEYS_PUSHWOOSH_USE_UNDOCUMENTED_LIST",
    default: false,
    description: "Whether journeys may be looked up with the list method that the documentation doesn't mention.",
  },
  recordFolder: {
    kind: "path",
    env: "JOURNEYS_RECORD_FOLDER",
    default: ".journeys",
    description: "Folder for the records of calls under way, relative to the program.",
  },
  requestRate: {
    kind: "number",
    env: "JOURNEYS_REQUEST_RATE",
    default: 5,
    least: 0,
    whole: false,
    description: "Most requests to Pushwoosh a second; 0 for no limit.",
  },
  requestConcurrency: {
    kind: "number",
    env: "JOURNEYS_REQUEST_CONCURRENCY",
    default: 4,
    least: 0,
    whole: true,
    description: "Most requests to Pushwoosh at once; 0 for no limit.",
  },
  connectTimeout: {
    kind: "number",
    env: "JOURNEYS_CONNECT_TIMEOUT",
    default: 10_000,
    least: 1,
    whole: true,
    description: "Milliseconds until a connection must stand, with name look-up and TLS.",
  },
  headersTimeout: {
    kind: "number",
    env: "JOURNEYS_HEADERS_TIMEOUT",
    default: 60_000,
    least: 1,
    whole: true,
    description: "Milliseconds until an answer must begin.",
  },
  bodyTimeout: {
    kind: "number",
    env: "JOURNEYS_BODY_TIMEOUT",
    default: 60_000,
    least: 1,
    whole: true,
    description: "Milliseconds between two pieces of an answer.",
  },
  engagelabApiUser: {
    kind: "string",
    env: "ENGAGELAB_API_USER",
    description: "API user of EngageLab.",
  },
  engagelabApiKey: {
    kind: "string",
    env: "ENGAGELAB_API_KEY",
    secret: true,
    description: "API key of EngageLab.",
  },
  engagelabRegion: {
    kind: "enum",
    env: "JOURNEYS_ENGAGELAB_REGION",
    choices: ["sg", "tr"],
    description: "Data centre the EngageLab credential belongs to: sg (Singapore) or tr (Turkey).",
  },
  engagelabUrl: {
    kind: "url",
    env: "JOURNEYS_ENGAGELAB_URL",
    description: "Address of the EngageLab API; takes the place of the region.",
  },
  engagelabRate: {
    kind: "number",
    env: "JOURNEYS_ENGAGELAB_RATE",
    default: 1,
    least: 0,
    whole: false,
    description: "Most requests to EngageLab a second; 0 for no limit.",
  },
  engagelabConcurrency: {
    kind: "number",
    env: "JOURNEYS_ENGAGELAB_CONCURRENCY",
    default: 2,
    least: 0,
    whole: true,
    description: "Most requests to EngageLab at once; 0 for no limit.",
  },
  engagelabMaxDeletions: {
    kind: "number",
    env: "JOURNEYS_ENGAGELAB_MAX_DELETIONS",
    default: 100,
    least: 0,
    whole: true,
    description: "Most contacts one run deletes.",
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
