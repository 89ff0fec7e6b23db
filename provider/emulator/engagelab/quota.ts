import type { Route } from "./route";

/** The account's allowance of mail, which clients read to find out whether their credentials do. */
export function quotaRoutes(): Route[] {
  const result = { account_quota: 100_000, daily_quota: 50_000, daily_quota_used: 0 };
  return [
    { name: "quota", method: "GET", path: "/v1/account/quota", answer: () => ({ status: 200, body: { result } }) },
  ];
}
