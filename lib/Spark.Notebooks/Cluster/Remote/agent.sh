#!/bin/sh
# Starts, follows and stops the runs of one user's course on a machine, and ends those that nobody drives any more.
# A run is a session of its own: every process in it, and nothing else, belongs to the run.
set -u
umask 077
root=${XDG_STATE_HOME:-$HOME/.local/state}/spark-notebooks
shared=${TMPDIR:-/tmp}/spark-notebooks-seats
boot=$(cat /proc/sys/kernel/random/boot_id)

fail() { echo "$1" >&2; exit 70; }

room() { echo "is the disk full? See: df -h $root"; }

# pid: when it was started, in clock ticks since boot; nothing when it is gone
ticks() { sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# session: its living processes
members() { cat /proc/[0-9]*/stat 2>/dev/null | sed -n "s/^\([0-9]*\) (.*) [^ZX] [0-9]* [0-9]* $1 .*/\1/p"; }

# run: its leader and when that was started; nothing when it was not, or before a restart of the machine
recorded() {
  read -r leader started since 2>/dev/null <"$root/runs/$1/process" || return 0
  [ "$since" != "$boot" ] || echo "$leader $started"
}

# leader started: the living processes of its session; a pid that another process got meanwhile is not the leader's
owned() {
  [ $# = 2 ] || return 0
  now=$(ticks "$1")
  [ -z "$now" ] || [ "$now" = "$2" ] || return 0
  members "$1"
}

# leader started: asks its processes to end, kills after ten seconds those that have not
end() {
  tries=0
  while pids=$(owned "$@") && [ -n "$pids" ]; do
    case $tries in
      0) kill -TERM $pids 2>/dev/null ;;
      50 | 60 | 70) kill -KILL $pids 2>/dev/null ;;
      80) return 1 ;;
    esac
    tries=$((tries + 1))
    sleep 0.2
  done
}

# file seconds: returns when the file's line has stayed the same, or away, for so long; counts its own steps, since clocks are set.
# What runs beside an engine all the time starts no process but its pauses.
silence() {
  read -r last 2>/dev/null <"$1" || last=
  quiet=0
  while [ "$quiet" -lt "$2" ]; do
    sleep 1
    read -r now 2>/dev/null <"$1" || now=
    if [ "$now" = "$last" ]; then quiet=$((quiet + 1)); else quiet=0 last=$now; fi
  done
}

# controller seconds seat who: holds the seat, and repeats each line that it is sent, which keeps the controller's runs alive
hold() {
  mkdir -p "$root/controllers"
  [ -d "$shared" ] || mkdir -m 1777 "$shared" 2>/dev/null
  beat=$root/controllers/$1 lock=$shared/seat-$3
  [ -e "$lock" ] || (umask 0; : >"$lock") 2>/dev/null
  exec 9<"$lock" || fail "$lock cannot be read"
  read -r holder who <"$lock"
  if flock -n 9; then
    echo "$1 $4" | dd of="$lock" conv=nocreat 2>/dev/null
  elif [ "$holder" != "$1" ]; then
    # Its own earlier connection may still hold it, kept by the lines that come over this one.
    echo "$who" >&2
    exit 75
  fi
  # In place, which needs no room on a disk that has become full.
  echo held 2>/dev/null 1<>"$beat" || fail "$beat cannot be written: $(room)"
  (silence "$beat" "$2" && kill $$) 9<&- >/dev/null 2>&1 &
  watch=$!
  trap 'kill $watch 2>/dev/null; rm -f "$beat"; exit 0' TERM HUP PIPE
  echo held
  while read -r line; do
    echo "$line" 1<>"$beat"
    echo "$line"
  done
  kill "$watch"
  rm -f "$beat"
}

# run controller seconds command…: starts it with the variables that standard input exports, says its pid; a run that is there already is not started again
start() {
  run=$1 dir=$root/runs/$1
  mkdir -p "$root/runs" || fail "$root/runs cannot be written: $(room)"
  find "$root/runs" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} + 2>/dev/null
  if mkdir "$dir" 2>/dev/null; then
    echo "$2" 2>/dev/null >"$dir/controller" || fail "$dir/controller cannot be written: $(room)"
    eval "$(cat)"
    SPARK_RUN_ID=$run setsid sh "$0" supervise "$@" </dev/null >/dev/null 2>"$dir/trouble" &
  fi
  tries=0
  until [ -s "$dir/process" ]; do
    [ "$tries" -lt 100 ] || fail "$run was not started: $(cat "$dir/trouble" 2>&1); $(room)"
    tries=$((tries + 1))
    sleep 0.05
  done
  cut -d ' ' -f 1 "$dir/process"
}

supervise() {
  run=$1 dir=$root/runs/$1 beat=$root/controllers/$2 period=$3
  shift 3
  setsid "$@" </dev/null >"$dir/log" 2>&1 &
  leader=$!
  until [ -n "$(members "$leader")" ] || [ -z "$(ticks "$leader")" ] || grep -q ') Z ' "/proc/$leader/stat"; do :; done
  started=$(ticks "$leader")
  if ! { echo $$ >"$dir/supervisor" && echo "$leader $started $boot" >"$dir/process.new" && mv "$dir/process.new" "$dir/process"; }; then
    # What nobody could find again must not live on.
    end "$leader" "$started"
    exit
  fi
  (
    silence "$beat" "$period"
    echo "Nobody has asked for this run for $period s: the machine's watchdog ends it." >>"$dir/log"
    end "$leader" "$started"
  ) &
  watch=$!
  wait "$leader"
  code=$?
  end "$leader" "$started"
  kill "$watch" 2>/dev/null
  echo "$code" >"$dir/exit"
}

# run byte: prints its log from that byte on until it has ended, and exits as it did
follow() {
  dir=$root/runs/$1
  supervisor=$(cat "$dir/supervisor")
  # Its exit is written before it ends, and where nobody collects dead processes it never seems to.
  (until [ -s "$dir/exit" ] || [ ! -e "/proc/${supervisor:-gone}" ]; do sleep 0.2; done) >/dev/null &
  tail -c "+$2" -s 0.2 -f --pid=$! "$dir/log"
  [ -s "$dir/exit" ] || exit 137
  exit "$(cat "$dir/exit")"
}

# command…: runs it with a standard input that ends when a line comes, or the connection ends
tool() {
  pipe=$(mktemp -u) && mkfifo "$pipe" || fail "no pipe can be made in ${TMPDIR:-/tmp}"
  exec 4<&0
  { head -n 1 <&4 >"$pipe"; } 2>/dev/null &
  reader=$!
  "$@" <"$pipe"
  code=$?
  kill "$reader" 2>/dev/null
  rm -f "$pipe"
  exit "$code"
}

# the runs that live: run, pid, controller, and whether that controller is heard from
runs() {
  for dir in "$root"/runs/*/; do
    run=$(basename "$dir")
    [ -n "$(owned $(recorded "$run"))" ] || continue
    controller=$(cat "$dir/controller")
    [ -e "$root/controllers/$controller" ] && driven=driven || driven=alone
    echo "$run $(cut -d ' ' -f 1 "$dir/process") $controller $driven"
  done
}

# run: ends it, and says how it exited
stop() {
  end $(recorded "$1") || fail "$(owned $(recorded "$1") | tr '\n' ' ')of $1 could not be ended"
}

# TCP ports that somebody listens on, in hexadecimal
listening() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | sed -n 's/^ *[0-9]*: [0-9A-F]*:\([0-9A-F]*\) [0-9A-F]*:[0-9A-F]* 0A .*/\1/p'; }

"$@"
