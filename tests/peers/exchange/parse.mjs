// Reads AsyncAPI documents, each a file, with the official parser; prints the diagnostics of each as JSON.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const parser = new Parser();
const found = {};
for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await parser.parse(readFileSync(file, "utf8"));
  found[file] = {
    read: document !== undefined,
    operations: document ? document.operations().all().map((one) => one.id()) : [],
    diagnostics: diagnostics.map(({ code, message, severity, path }) => ({ code, message, severity, path })),
  };
}
console.log(JSON.stringify(found));
