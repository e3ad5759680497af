#!/usr/bin/env bash
# setup.sh [PACKAGE...]: installs what is missing to build and test on Debian 12, and the packages
# named. Does nothing, fast, when all is there.
set -euo pipefail

packages=(
  clang-19 lld-19 llvm-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev
  cmake ninja-build ccache make g++ libstdc++-12-dev pkg-config
  libboost1.81-dev libssl-dev libsimdjson-dev libfmt-dev libspdlog-dev libtomlplusplus-dev
  libcli11-dev prometheus-cpp-dev libgtest-dev libgmock-dev
  librocksdb-dev libmimalloc-dev libsnappy-dev libbz2-dev liblz4-dev libzstd-dev zlib1g-dev
  curl openssl ca-certificates python3 git
  "$@"
)
# Node builds the console and may come from elsewhere than Debian.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)

installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -qxF "$package installed" <<<"$installed" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: these Debian packages are missing, and neither root nor sudo is at hand:" >&2
    echo "  apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -q -y --no-install-recommends "${missing[@]}"
