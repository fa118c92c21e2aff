#!/usr/bin/env bash
# Runs one node of a grid in a container.
#   run_cluster.sh IMAGE HEAD_ADDRESS --head|--worker MODEL_DIR [docker flags]
# On the head:     run_cluster.sh grid:cuda 10.0.0.1 --head /srv/models -e GRID_HOST_IP=10.0.0.1
# On each worker:  run_cluster.sh grid:cuda 10.0.0.1 --worker /srv/models -e GRID_HOST_IP=10.0.0.2 -e GRID_TOKEN="$(cat token)"
# The head prints a token with: docker exec grid-head grid token create
# Containers stop in order: streams end or are handed over before the node goes.
set -euo pipefail

usage() { echo "usage: $0 IMAGE HEAD_ADDRESS --head|--worker MODEL_DIR [docker flags]" >&2; exit 2; }
[ $# -ge 4 ] || usage
image=$1 head_address=$2 role=$3 model_dir=$4
shift 4
[ -d "$model_dir" ] || { echo "$0: MODEL_DIR must be a folder, '$model_dir' given." >&2; exit 2; }

case $role in
    --head) name=grid-head; command=(up --head --bind 0.0.0.0 --allow-anonymous --shutdown-timeout 60s) ;;
    --worker) name=grid-worker; command=(up --join "$head_address:8007" --bind 0.0.0.0 --allow-anonymous --shutdown-timeout 60s) ;;
    *) usage ;;
esac

exec docker run --rm --name "$name" --network host --ulimit memlock=-1 --shm-size 10g --stop-timeout 90 \
    -v "$model_dir:/models" -v "$name:/var/lib/grid" "$@" "$image" "${command[@]}"
