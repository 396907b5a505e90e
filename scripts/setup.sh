#!/usr/bin/env bash
# Installs what is missing: Debian packages (as root or with sudo) and a private Python environment
# that supplies LibTorch (unless EINTHOVEN_TORCH names one) and the peers of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build

packages=(clang-14 clang-format-14 clang-tidy-14 lld-14 g++ cmake ninja-build ccache pkg-config make git
  libfmt-dev libspdlog-dev nlohmann-json3-dev libexpected-dev libcli11-dev libyaml-cpp-dev
  libsqlite3-dev libssl-dev libxxhash-dev zlib1g-dev libflac-dev libcairo2-dev libhdf5-dev libpugixml-dev libpcre2-dev
  doctest-dev libbenchmark-dev libgloo-dev
  python3 python3-venv)
missing=()
for package in "${packages[@]}"; do
  [[ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" == *"ok installed" ]] || missing+=("$package")
done
if ((${#missing[@]})); then
  echo "installing: ${missing[*]}" >&2
  sudo=""
  [[ $EUID -eq 0 ]] || sudo="sudo"
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >build/apt.log 2>&1 ||
    { tail -n 20 build/apt.log >&2; exit 1; }
fi

# The stamp holds the digest of the list, so that a changed list is installed again.
stamp=.venv/einthoven-requirements
digest=$(sha256sum scripts/requirements.txt | cut -d' ' -f1)
if [[ ! -f $stamp || "$(cat $stamp)" != "$digest" ]]; then
  echo "installing the private Python environment (.venv)" >&2
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || { echo "Python 3.9 or newer is needed" >&2; exit 1; }
  [[ -x .venv/bin/python ]] || python3 -m venv .venv
  .venv/bin/python -m pip install -q -r scripts/requirements.txt 2>build/pip.log || { tail -n 20 build/pip.log >&2; exit 1; }
  echo "$digest" >$stamp
fi
