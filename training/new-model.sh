#!/usr/bin/env bash
# Makes weights the shipped model: exports them, trains what depends on them, and measures again what the documents tell of the model.
#   training/new-model.sh RUN CORPUS TESTS REAL [FITS]
# RUN is a folder of `train`, CORPUS what it was trained on, TESTS rendered-150, both with --families, REAL real songs; FITS is what the
# weights of fits are learnt from, if not CORPUS. Called from the repository's root with a clean tree. Each step is committed, so that a
# result names a clean commit; called again, it goes on after the last step that was. Some hours on two cores. Sentences that tell of
# figures are to be read again afterwards: README.md, PACKAGE.md, docs/research.
set -euo pipefail
run=$1 corpus=$2 tests=$3 real=$4 fits=${5:-$2}
weights=training/weights/small.safetensors model=src/StemJepa/Model heads=src/StemJepa.Analysis/Heads
results=training/results research=docs/research

dotnet build StemJepa.sln -c Release -v q
project() { dotnet run --no-build -c Release --project "$@"; }
train() { project training/StemJepa.Training -- "$@"; }
exporter() { project export/StemJepa.Export -- "$@"; }
benchmark() { project benchmarks/StemJepa.Benchmarks -- "$@"; }

step() {
    local name="New model: $1" since
    if [[ $1 == weights ]]; then
        if cmp -s "$run/weights.safetensors" "$weights"; then return; fi
    else
        since=$(git log -1 --format=%H -- "$weights")
        if git log --format=%s "$since^..HEAD" | grep -qxF "$name"; then return; fi
    fi
    echo "$name"
    "${@:2}"
    git add -A
    git commit -qm "$name"
    git diff --quiet HEAD^ -- src || dotnet build StemJepa.sln -c Release -v q
}

take_weights() {
    cp "$run/weights.safetensors" "$weights"
    cp "$run/config.json" "$results/small-config.json"
    cp "$run/log.png" "$results/small-log.png"
}
write_model() {
    exporter --from "$weights" --out artifacts/new-model ${1:+--metrics "$1"}
    cp artifacts/new-model/*.onnx artifacts/new-model/model.json "$model"
}
train_heads() { exporter heads --dataset "$corpus" --test-set "$tests" --model "$model" --out "$heads" --songs 1200 --seconds 32; }
draw_background() { exporter background --dataset "$corpus" --test-set "$tests" --model "$model"; }
learn_fit() { train fit-weights --corpus "$fits" --songs 40 --transposed 200; }
retrieval() {
    train evaluate retrieval --corpus "$tests" --families --json "$results/retrieval.json" --document "$research/model.md" --document README.md
}
retrieval_real() { train evaluate retrieval --corpus "$real" --pieces 20 --json "$results/retrieval-real-dev.json"; }
# The figures of retrieval stand in model.json.
write_figures() { write_model "$results/retrieval.json"; }
coherence() { train evaluate coherence --corpus "$tests" --json "$results/coherence-rendered-150.json" --document "$research/coherence.md"; }
coherence_real() { train evaluate coherence --corpus "$real" --json "$results/coherence-real-dev.json" --document "$research/coherence.md"; }
alignment() { train evaluate alignment --corpus "$tests" --json "$results/alignment.json" --document "$research/probes.md"; }
alignment_32s() {
    train evaluate alignment --corpus "$tests" --seconds 32 --json "$results/alignment-32s.json" --document "$research/probes.md"
}
percentile() { train evaluate percentile --corpus "$tests" --json "$results/percentile.json" --document "$research/probes.md"; }
fit() { train evaluate fit --corpus "$tests" --variants 25 --json "$results/fit.json" --document docs/guide/preview.md; }
failures() { train evaluate failures --corpus "$tests" --out artifacts/failures && cp artifacts/failures/failures.json "$results"; }
probe() {
    train probe "$1" --dataset "$corpus" --test-set "$tests" --document "$research/probes.md" --songs "$2" --seconds "$3" \
        --semitones "${4:-0}" --json "$results/probes/$1${4:+-$4-semitones}.json"
}
retrieval_int8() {
    exporter --from "$weights" --precision int8 --out artifacts/new-model-int8
    train evaluate retrieval --no-baselines --model artifacts/new-model-int8 --corpus "$tests" --json benchmarks/results/retrieval-int8.json
}
precision() {
    benchmark precision --retrieval-fp32 "$results/retrieval.json" --retrieval-int8 benchmarks/results/retrieval-int8.json \
        --document "$research/performance.md"
}

step weights take_weights
step files write_model
step heads train_heads
step background draw_background
step "weights of fits" learn_fit
step retrieval retrieval
step "retrieval of real songs" retrieval_real
step "figures in model.json" write_figures
step coherence coherence
step "coherence of real songs" coherence_real
step alignment alignment
step "alignment in 32 s" alignment_32s
step percentile percentile
step failures failures
for task in tempo genre instrument tags; do step "probe of $task" probe "$task" 300 24; done
step "probe of beats" probe beats 800 32
step "probe of key" probe key 800 32
step "probe of key, 6 semitones" probe key 800 32 6
step fit fit
step "retrieval with int8" retrieval_int8
step precision precision
