#!/usr/bin/env bash
# Rebuilds the vendored bundles from their sources (developers only; the built files are committed).
set -euo pipefail
cd "$(dirname "$0")"
for part in */package.json; do
  (cd "$(dirname "$part")" && npm ci --no-audit --no-fund && npm run build)
done
