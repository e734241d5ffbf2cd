// The server audits of graphql-http (GraphQL over HTTP), against the URL given.
// Prints one finding a line; "note: …" last.
import { serverAudits } from "graphql-http";

const audits = serverAudits({ url: process.argv[2], fetchFn: fetch });
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status !== "ok") console.log(`${audit.id} ${audit.name}: ${result.reason}`);
}
console.log(`note: ${audits.length} audits`);
