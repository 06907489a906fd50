#!/usr/bin/env bash
# Makes sure that a browser, a Chinese font and PostgreSQL's server programs are here: the system's if present,
# else Debian's packages (as root), else a message that says what to install.
set -euo pipefail

# Chromium without its windows draws the same pages for a third less; the whole one will do.
missing=()
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
  || missing+=(chromium-headless-shell)
command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn 2>/dev/null | head -n 1)" ] || missing+=(fontconfig fonts-noto-cjk)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null
  apt-cache show chromium-headless-shell >/dev/null 2>&1 || missing=("${missing[@]/#chromium-headless-shell/chromium}")
  apt-get install -q -y --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "测试还需要安装：${missing[*]}" >&2
  echo "The tests need these packages: ${missing[*]} (Debian/Ubuntu: sudo apt-get install ${missing[*]})" >&2
  exit 1
fi
