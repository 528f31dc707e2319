#!/bin/sh
# `amutorrent` in the container, for its start and for `docker exec`: started by root it becomes PUID and PGID first, so
# that every file belongs to them. Started by somebody else (`user:` in compose, a rootless engine) it stays that user.
set -eu

PROGRAM=${AMUTORRENT_PROGRAM:-/opt/amutorrent/bin/amutorrent}
DATA=${AMUTORRENT_DATA_DIR:-/config}

fail() {
    printf 'amutorrent: %s\n' "$*" >&2
    exit 2
}

# check_id NAME VALUE: an id of a user or a group.
check_id() {
    case $2 in
        '' | *[!0-9]* | 0?*) fail "$1 is '$2'; it has to be a number, such as 1000 (see: id -u, id -g)" ;;
    esac
}

mask=${UMASK:-022}
case $mask in
    [0-7][0-7][0-7] | 0[0-7][0-7][0-7]) umask "$mask" ;;
    *) fail "UMASK is '$mask'; it has to be three octal digits, such as 022 or 002" ;;
esac

[ "$(id -u)" = 0 ] || exec "$PROGRAM" "$@"

uid=${PUID:-1000} gid=${PGID:-1000}
check_id PUID "$uid"
check_id PGID "$gid"
[ "$uid" != 0 ] || fail "PUID is 0: aMuTorrent does not run as root. Give the user that your downloads belong to"

mkdir -p "$DATA"
# what a start as another user has left there, and nothing more; links are not followed
find "$DATA" -xdev \( ! -user "$uid" -o ! -group "$gid" \) -exec chown -h "$uid:$gid" {} + ||
    fail "$DATA cannot be given to $uid:$gid: start the container as that user (user: \"$uid:$gid\"), or mend its rights"

HOME=$DATA
export HOME
exec setpriv --reuid="$uid" --regid="$gid" --clear-groups --inh-caps=-all --no-new-privs -- "$PROGRAM" "$@"
