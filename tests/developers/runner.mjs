// Runs modules one after another: reads a line {file, env} each, answers a line {error}.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

console.log = () => {};
const own = { ...process.env };
for await (const line of createInterface({ input: process.stdin })) {
  const { file, env } = JSON.parse(line);
  process.env = { ...own, ...env };
  let error = null;
  try {
    await import(pathToFileURL(file));
  } catch (problem) {
    error = String(problem.message ?? problem);
  }
  process.stdout.write(`${JSON.stringify({ error })}\n`);
}
