#!/bin/sh
# The page's types and its unit tests; ends with one line "N passed, N failed".
cd "$(dirname "$0")/../.." || exit 1
make --no-print-directory page || { echo "0 passed, 1 failed"; exit 1; }

cd htdocs || exit 1
result=$(mktemp)
trap 'rm -f "$result"' EXIT
types=0
npm run --silent check || types=1
npx vitest run --reporter=dot --reporter=json --outputFile.json="$result"
RESULT=$result TYPES=$types node --input-type=module -e '
import { readFileSync } from "node:fs";
const { numPassedTests, numFailedTests, success } = JSON.parse(readFileSync(process.env.RESULT, "utf8") || "{}");
const broken = success || numFailedTests > 0 ? 0 : 1; // a file that could not be loaded, or no result at all
const failed = (numFailedTests ?? 0) + broken + Number(process.env.TYPES);
console.log(`${numPassedTests ?? 0} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;'
