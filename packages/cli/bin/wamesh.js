#!/usr/bin/env node
// The source runs as it is from Node 24 on; npx finds the one that this repository brings.
if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(`wamesh needs Node.js 24, this is ${process.version}. Inside the repository: npx wamesh …`);
  process.exit(2);
}
const { main } = await import("../src/main.ts");
process.exitCode = await main(process.argv.slice(2), process.env);
