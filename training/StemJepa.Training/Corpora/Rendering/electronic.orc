; Instruments of electronic songs. Notes of a part go to its bus (p4, from 0); instr 200 plays each bus on a channel of its own.
; Times are seconds, pitches MIDI numbers, cutoffs octaves above the note; p5 is an amplitude.
sr = 32000
ksmps = 32
0dbfs = 1
gaBus[] init nchnls
gkOpen[] init nchnls
gkDuck init 0
giSine ftgen 0, 0, 8192, 10, 1

; kick: p6 p7 hertz at the end and at the start, p8 seconds between them, p9 drive, p10 click
instr 1
  ksweep expseg 1, p8, 0.01, 1, 0.01
  abody poscil 1, p6 + (p7 - p6) * ksweep
  aenv expseg 1, p3, 0.001
  aclick noise 1, 0
  aclick buthp aclick, 2500
  aclickenv expseg 1, 0.012, 0.001, 1, 0.001
  gaBus[p4] = gaBus[p4] + p5 * (tanh(abody * aenv * p9) / tanh(p9) + p10 * aclick * aclickenv)
endin

; snare or clap: p6 hertz and p7 share of the tone, p8 high-pass of the noise, p9 1 for the bursts of a clap
instr 2
  anoise noise 1, 0
  anoise buthp anoise, p8
  if p9 > 0.5 then
    aburst linseg 1, 0.009, 0.15, 0.001, 1, 0.009, 0.15, 0.001, 1, 0.01, 0.4, p3, 0.4
  else
    aburst = 1
  endif
  aenv expseg 1, p3, 0.001
  ktone expseg 1.4, 0.03, 1, 1, 1
  apitched poscil 1, p6 * ktone
  apitchedenv expseg 1, p3 * 0.6, 0.001, p3, 0.001
  gaBus[p4] = gaBus[p4] + p5 * ((1 - p7) * anoise * aburst * aenv + p7 * apitched * apitchedenv)
endin

; hat or cymbal: p6 high-pass, p7 share of metal
instr 3
  anoise noise 1, 0
  a1 vco2 0.3, p6 * 0.43, 10
  a2 vco2 0.3, p6 * 0.597, 10
  a3 vco2 0.3, p6 * 0.712, 10
  a4 vco2 0.3, p6 * 0.911, 10
  amix = (1 - p7) * anoise + p7 * (a1 + a2 + a3 + a4)
  amix buthp amix, p6
  aenv expseg 1, p3, 0.001
  gaBus[p4] = gaBus[p4] + p5 * amix * aenv
endin

; tom or other percussion: p6 hertz, p7 ratio and p8 index of the modulator
instr 4
  kpitch expseg 1.5, 0.05, 1, 1, 1
  aenv expseg 1, p3, 0.001
  kindex expseg p8 + 0.001, p3, 0.001
  asig foscili 1, p6 * kpitch, 1, p7, kindex, giSine
  gaBus[p4] = gaBus[p4] + p5 * asig * aenv
endin

; riser: noise and a tone that rise from p6 to p7 hertz, p8 share of the tone
instr 5
  kfreq expseg p6, p3, p7
  kenv expseg 0.02, p3 * 0.97, 1, p3 * 0.03, 0.01
  anoise noise 1, 0
  anoise butbp anoise, kfreq, kfreq * 0.4
  apitched vco2 0.5, kfreq * 0.25, 0
  gaBus[p4] = gaBus[p4] + p5 * kenv * ((1 - p8) * 2 * anoise + p8 * apitched)
endin

; synthesiser: p6 pitch, p7 pitch it glides from, p8 wave (0 saw, 1 square, 2 triangle, 3 FM), p9 voices, p10 cents between them,
; p11 cutoff, p12 octaves and p13 seconds of its envelope, p14 resonance, p15 to p18 attack, decay, sustain, release,
; p19 sub-oscillator, p20 cents of vibrato, p21 ratio and p22 index of FM, p23 hertz and p24 octaves of the filter's oscillator
instr 10
  iattack = p15
  irelease = p18
  iholding = max(0.002, p3 - iattack - p16 - irelease)
  aenv linseg 0, iattack, 1, p16, p17, iholding, p17, irelease, 0
  kpitch linseg p7, 0.06, p6, p3, p6
  kvibrato poscil p20 * 0.01, 5.3
  kdelay linseg 0, 0.25, 0, 0.3, 1, p3, 1
  kcps = cpsmidinn(kpitch + kvibrato * kdelay)
  if p8 > 2.5 then
    kindex expseg 1, max(p13, 0.02), 0.15, p3, 0.1
    asum foscili 1, kcps, 1, p21, p22 * kindex, giSine
    if p9 > 1.5 then
      aother foscili 1, kcps * cent(p10), 1, p21, p22 * kindex, giSine
      asum = 0.6 * (asum + aother)
    endif
  else
    imode = (p8 < 0.5 ? 0 : (p8 < 1.5 ? 10 : 12))
    asum vco2 1, kcps, imode, 0.5, rnd(1)
    if p9 > 1.5 then
      a1 vco2 1, kcps * cent(p10), imode, 0.5, rnd(1)
      a2 vco2 1, kcps * cent(-p10), imode, 0.5, rnd(1)
      asum = asum + a1 + a2
    endif
    if p9 > 3.5 then
      a3 vco2 1, kcps * cent(1.9 * p10), imode, 0.5, rnd(1)
      a4 vco2 1, kcps * cent(-2.1 * p10), imode, 0.5, rnd(1)
      asum = asum + a3 + a4
    endif
    asum = asum / sqrt(p9)
  endif
  asub poscil p19, kcps * 0.5
  asum = asum + asub
  kfilter expseg 1, max(p13, 0.02), 0.05, p3, 0.03
  klfo poscil p24, p23
  kcut = kcps * 2 ^ (p11 + p12 * kfilter + klfo + gkOpen[p4])
  kcut limit kcut, 40, 14000
  asum moogladder2 asum, kcut, p14
  gaBus[p4] = gaBus[p4] + p5 * asum * aenv
endin

; the kick pushes the other parts down
instr 150
  gkDuck expseg 1, p3, 0.01
endin

; filters of a part open from p5 to p6 octaves
instr 151
  gkOpen[p4] line p5, p3, p6
endin

; effects of a part: p5 ducking, p6 drive, p7 chorus, p8 p9 p10 seconds, feedback and level of the delay, p11 p12 level and seconds of the
; reverb, p13 p14 hertz and depth of a gate, p15 high-pass
instr 200
  asig = gaBus[p4]
  gaBus[p4] = a(0)
  if p6 > 0.01 then
    asig = tanh(asig * (1 + p6)) / (1 + 0.5 * p6)
  endif
  if p7 > 0.01 then
    amod poscil 0.003, 0.6
    achorus vdelay asig, (0.012 + amod) * 1000, 40
    asig = asig + p7 * achorus
  endif
  if p14 > 0.01 then
    agate lfo p14, p13, 3
    agate tone agate, 60
    asig = asig * (1 - agate)
  endif
  asig = asig * (1 - p5 * gkDuck)
  if p10 > 0.01 then
    aline delayr 2
    aecho deltapi p8
    delayw asig + p9 * aecho
    aecho butlp aecho, 4500
    asig = asig + p10 * aecho
  endif
  if p11 > 0.01 then
    awet nreverb asig, p12, 0.4
    asig = asig + p11 * awet
  endif
  asig buthp asig, p15
  outch p4 + 1, asig
endin
