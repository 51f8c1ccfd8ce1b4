# root interface venv model: prints what this machine tells of itself as key=value lines; changes nothing.
# Whatever is missing here, a tool or a file, is a line that is missing there. The root of the system's files is empty but in tests.
set -u
LC_ALL=C
export LC_ALL
root=$1 interface=$2 venv=$3 model=$4
PATH=$venv/bin:$PATH:/usr/sbin:/sbin

say() { [ -z "$2" ] || echo "$1=$2"; }

# file: its first line without blanks around it
first() { sed -n '1s/^[[:space:]]*//;1s/[[:space:]]*$//p' "$1" 2>/dev/null; }

# command…: its output, if it comes in time
soon() { command -v "$1" >/dev/null && timeout 20 "$@" 2>/dev/null; }

# field: of /proc/meminfo, in KiB
memory() { sed -n "s/^$1: *\([0-9]*\) kB/\1/p" "$root/proc/meminfo" 2>/dev/null; }

# folder: bytes free where it is, or would be
free() {
  at=$1
  until [ -d "$at" ]; do at=$(dirname "$at"); done
  echo $(($(df -Pk "$at" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4) * 1024))
}

machine() {
  say kernel "$(uname -srm)"
  say os "$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$root/etc/os-release" 2>/dev/null)"
  soon lscpu | sed -n 's/^ *Model name: */cpu=/p'
  say cores "$(getconf _NPROCESSORS_ONLN 2>/dev/null)"
  for field in MemTotal MemAvailable SwapTotal SwapFree; do say "$field" "$(memory "$field")"; done
  say files.soft "$(ulimit -Sn)"
  say files.hard "$(ulimit -Hn)"
  say disk.state "$(free "${XDG_STATE_HOME:-$HOME/.local/state}")"
  say disk.models "$(free "$hub")"
}

gpus() {
  soon nvidia-smi --query-gpu=name,driver_version,memory.total,memory.free --format=csv,noheader | sed 's/^/gpu=/'
  soon nvidia-smi | sed -n 's/.*CUDA Version: *\([0-9.]*\).*/cuda=\1/p' | head -n 1
}

software() {
  for info in "$venv"/lib/python*/site-packages/*.dist-info; do
    name=$(basename "$info" .dist-info)
    case $name in
      vllm-* | torch-* | triton-* | nixl* | *ucx* | flashinfer_python-* | transformers-* | nvidia_cuda_runtime*) echo "package=${name%-*} ${name##*-}" ;;
    esac
  done
  soon ucx_info -v | sed -n 's/^# *Library version: */ucx=/p'
  for tool in ib_write_bw ucx_perftest ibv_devinfo; do
    command -v "$tool" >/dev/null && echo "tool=$tool"
  done
}

network() {
  net=$root/sys/class/net/$interface
  say interface.state "$(first "$net/operstate")"
  say interface.mtu "$(first "$net/mtu")"
  soon ip -o addr show dev "$interface" | sed -n 's/.* inet6\{0,1\} \([^/ ]*\).*/interface.address=\1/p'
}

rdma() {
  for port in "$root"/sys/class/infiniband/*/ports/*/; do
    [ -e "$port/state" ] || continue
    number=$(basename "$port")
    dir=$(dirname "$(dirname "$port")")
    device=$(basename "$dir")
    key=rdma.$device.$number
    say "$key.state" "$(first "$port/state")"
    say "$key.rate" "$(first "$port/rate")"
    say "$key.mtu" "$(soon ibv_devinfo -d "$device" -i "$number" | sed -n 's/.*active_mtu:[[:space:]]*\([0-9]*\).*/\1/p')"
    say "$key.pci" "$(basename "$(readlink -f "$dir/device")")"
    say "$key.speed" "$(first "$dir/device/current_link_speed")"
    say "$key.width" "$(first "$dir/device/current_link_width")"
    for type in "$port"/gid_attrs/types/*; do
      index=$(basename "$type")
      gid=$(first "$port/gids/$index")
      case $(first "$type"):$gid in
        *:0000:0000:0000:0000:0000:0000:0000:0000 | *:) ;;
        'RoCE v2':*) say "$key.gid.$index" "$gid" ;;
      esac
      [ "$index" != 0 ] || say "$key.netdev" "$(first "$port/gid_attrs/ndevs/0")"
    done
  done
}

# file: its size, the length of its header, and the bytes of tensors that the header promises
tensors() {
  size=$(($(wc -c <"$1")))
  header=$(od -An -tu8 -N8 "$1" 2>/dev/null | tr -d ' ')
  ends=
  [ -z "$header" ] || [ ${#header} -gt 9 ] || ends=$(tail -c +9 "$1" 2>/dev/null | head -c "$header" | grep -ao '"data_offsets": *\[ *[0-9]*, *[0-9]*' | sed 's/.*[, ]//' | sort -n | tail -n 1)
  echo "$size ${header:-?} ${ends:-?}"
}

weights() {
  say model.folder "$1"
  for file in config.json tokenizer.json tokenizer.model; do
    [ -e "$1/$file" ] && echo "model.file=$file"
  done
  index=$1/model.safetensors.index.json
  shards=model.safetensors
  if [ -e "$index" ]; then
    shards=$(grep -o '"[^"]*\.safetensors"' "$index" | tr -d '"' | sort -u)
    say model.total "$(grep -o '"total_size": *[0-9]*' "$index" | tr -dc 0-9)"
  fi
  for shard in $shards; do
    [ -e "$1/$shard" ] && echo "model.shard=$shard $(tensors "$1/$shard")" || echo "model.shard=$shard"
  done
}

snapshot() {
  case $model in
    /*) folder=$model ;;
    *)
      stored=$hub/models--$(echo "$model" | sed 's#/#--#g')
      folder=$stored/snapshots/$(first "$stored/refs/main")
      ;;
  esac
  if [ -d "$folder" ]; then weights "$folder"; else say model.absent "${stored:-$folder}"; fi
}

main() {
  hub=${HF_HUB_CACHE:-${HF_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/huggingface}/hub}
  machine
  gpus
  software
  network
  rdma
  snapshot
  echo end=end
}

# What it starts must not read the script's own text.
main </dev/null
