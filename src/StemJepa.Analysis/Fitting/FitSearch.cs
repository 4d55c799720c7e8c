namespace StemJepa;

/// <summary>
/// Finds the few ways to fit a candidate that are worth the model's time. Tempo and start come from the onsets that both have in common,
/// at all tempi that are allowed; the transposition from the pitch classes that sound together then. Tempo and key as the analysis
/// estimates them are only hints: half a percent of tempo is half a beat after a minute. One mix and candidate; thread-safe.
/// </summary>
internal sealed class FitSearch(FitMix mix, FitFeatures candidate, StemFitOptions options, float[] weights)
{
    /// <summary>From one tempo to the next.</summary>
    private const double RatioStep = 0.002;

    /// <summary>The least time that both share: so many seconds, or half of the shorter one.</summary>
    private const double LeastSharedSeconds = 4;

    /// <summary>Two ways are the same up to so many seconds of start and so much tempo.</summary>
    private const double SameStart = 0.06, SameRatio = 0.008;

    private const int StartsOfRatio = 40, MiddleC = 60;

    private readonly CanonicalFit _canonical = new(mix.Features.Alignment, candidate.Alignment, mix.Stem);

    /// <summary>The most promising ways, best first; at least one.</summary>
    public IReadOnlyList<FitEvidence> Find(int rhythms, int trials, CancellationToken cancellationToken)
    {
        var found = new List<FitEvidence>();
        IReadOnlyList<double> ratios = Ratios();
        var search = new RhythmSearch(mix.Features.Rhythm, candidate.Rhythm, ratios.Min());
        foreach (double ratio in ratios)
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.AddRange(search.Find(ratio, LeastSharedSeconds, StartsOfRatio, Flush(ratio)).Select(OfRhythm));
        }
        IReadOnlyList<FitEvidence> best = Distinct(found.OrderByDescending(evidence => evidence.Score(weights)), rhythms);
        return [.. best.SelectMany(Transposed).OrderByDescending(evidence => evidence.Score(weights)).Take(trials)];
    }

    /// <summary>All transpositions at one tempo and start.</summary>
    public IEnumerable<FitEvidence> AllTranspositions(double ratio, double start) =>
        Transposed(OfRhythm(mix.Features.Rhythm.Match(candidate.Rhythm, ratio, start)));

    private List<double> Ratios()
    {
        if (!options.Stretch || options.MaximumStretch == 0)
            return [1];
        int faster = (int)(Math.Log(1 + options.MaximumStretch) / RatioStep),
            slower = (int)(Math.Log(1 - options.MaximumStretch) / RatioStep);
        return [.. Enumerable.Range(slower, faster - slower + 1).Select(step => Math.Exp(step * RatioStep))];
    }

    /// <summary>The starts at which both begin to sound, or end, together.</summary>
    private double[] Flush(double ratio) =>
    [
        mix.Features.Sounding.From - candidate.Sounding.From / ratio, mix.Features.Sounding.To - candidate.Sounding.To / ratio,
    ];

    private FitEvidence OfRhythm(RhythmMatch match)
    {
        var values = new float[FitWeights.Count];
        void Set(FitFeature feature, double value) => values[(int)feature] = (float)value;
        Set(FitFeature.Rhythm, match.Correlation);
        Set(FitFeature.RhythmEvidence, match.Correlation * Math.Sqrt(match.SharedSeconds));
        (double mixFrom, double mixTo) = mix.Features.Sounding;
        double from = match.Start + candidate.Sounding.From / match.Ratio, to = match.Start + candidate.Sounding.To / match.Ratio;
        double shorter = Math.Max(0.01, Math.Min(mixTo - mixFrom, to - from));
        double overlap = Math.Max(0, Math.Min(to, mixTo) - Math.Max(from, mixFrom));
        Set(FitFeature.Overlap, overlap / shorter);
        Set(FitFeature.Within, Math.Max(0, 1 - (shorter - overlap) / 0.1));
        double difference = Math.Abs(Math.Log((to - from) / Math.Max(0.01, mixTo - mixFrom)));
        Set(FitFeature.SimilarLength, 1 - Math.Min(1, difference / 0.02));
        Set(FitFeature.SameLength, 1 - Math.Min(1, difference / 0.006));
        Set(FitFeature.Tempo, TempoAgreement(match.Ratio));
        Set(FitFeature.LittleStretch, -Math.Abs(Math.Log(match.Ratio)));
        return new FitEvidence(new FitTrial(0, match.Ratio, match.Start), values);
    }

    private double TempoAgreement(double ratio)
    {
        const double farthest = 0.1;
        if (candidate.Analysis.Beats.Count == 0 || mix.Analysis.Beats.Count == 0)
            return 0;
        double octaves = Math.Log2(candidate.Analysis.Tempo * ratio / mix.Analysis.Tempo);
        return 1 - Math.Min(1, Math.Abs(octaves - Math.Round(octaves)) * Math.Log(2) / farthest);
    }

    private IReadOnlyList<FitEvidence> Distinct(IEnumerable<FitEvidence> ordered, int count)
    {
        var kept = new List<FitEvidence>();
        foreach (FitEvidence evidence in ordered)
        {
            if (!kept.Exists(other => IsSame(other.Trial, evidence.Trial)))
                kept.Add(evidence);
            if (kept.Count == count)
                break;
        }
        if (kept.Count == 0)
            kept.Add(OfRhythm(new RhythmMatch(1, 0, 0, Math.Min(candidate.Seconds, mix.Features.Seconds))));
        return kept;
    }

    /// <summary>By where the middle of the candidate comes to lie, which does not move while tempo and start do together.</summary>
    private bool IsSame(FitTrial a, FitTrial b)
    {
        double middle = (candidate.Sounding.From + candidate.Sounding.To) / 2;
        return Math.Abs(a.Ratio / b.Ratio - 1) < SameRatio
            && Math.Abs(a.Start + middle / a.Ratio - b.Start - middle / b.Ratio) < SameStart;
    }

    private IEnumerable<FitEvidence> Transposed(FitEvidence evidence)
    {
        const int classes = Chromagram.Classes;
        FitTrial trial = evidence.Trial;
        int most = options.Transpose && mix.Stem != Stem.Drums ? options.MaximumSemitones : 0;
        double seconds = Math.Min(mix.Features.Seconds, trial.Start + candidate.Seconds / trial.Ratio) - Math.Max(0, trial.Start);
        double root = Math.Sqrt(Math.Max(0, seconds));
        HarmonyMatch? harmony = mix.Stem == Stem.Drums ? null
            : mix.Features.Harmony.Compare(candidate.Harmony, trial.Ratio, trial.Start);
        for (int semitones = -most; semitones <= most; semitones++)
        {
            FitTrial transposed = trial with { Semitones = semitones };
            float[] values = [.. evidence.Values];
            float canonical = _canonical.Correlate(transposed);
            values[(int)FitFeature.Canonical] = canonical;
            values[(int)FitFeature.CanonicalEvidence] = (float)(canonical * root);
            values[(int)FitFeature.LittleTransposition] = -Math.Abs(semitones) / 6f;
            if (harmony is not null)
            {
                (double same, double compatible) = KeyAgreement(semitones);
                values[(int)FitFeature.SameKey] = (float)same;
                values[(int)FitFeature.CompatibleKey] = (float)compatible;
                for (int interval = 0; interval < classes; interval++)
                {
                    int from = (interval + semitones + classes) % classes;
                    values[(int)FitFeature.Chroma + interval] = harmony.InTime[from];
                    values[(int)FitFeature.Notes + interval] = harmony.NotesInTime[from];
                    values[(int)FitFeature.ChromaKey + interval] = harmony.Mean[from];
                    values[(int)FitFeature.NotesKey + interval] = harmony.NotesMean[from];
                    values[(int)FitFeature.Low + interval] = harmony.LowInTime[from];
                    values[(int)FitFeature.LowKey + interval] = harmony.LowMean[from];
                    values[(int)FitFeature.Chords + interval] = harmony.Chords[from];
                }
                double octaves = (candidate.Harmony.Register + semitones - MiddleC) / classes;
                values[(int)FitFeature.Register] = (float)octaves;
                values[(int)FitFeature.RegisterSquare] = (float)(-octaves * octaves);
            }
            yield return new FitEvidence(transposed, values);
        }
    }

    /// <summary>How alike the probabilities of keys are, and how likely two keys drawn of them are compatible.</summary>
    private (double Same, double Compatible) KeyAgreement(int semitones)
    {
        float[] own = candidate.Analysis.KeyProbabilities, wanted = mix.Analysis.KeyProbabilities;
        double same = 0, compatible = 0;
        for (int number = 0; number < wanted.Length && own.Length == wanted.Length; number++)
        {
            var key = MusicalKey.FromNumber(number);
            same += Math.Sqrt(wanted[number] * own[Lowered(key, semitones)]);
            foreach (MusicalKey other in key.Compatible())
                compatible += wanted[number] * own[Lowered(other, semitones)];
        }
        return (same, compatible);
    }

    /// <summary>The number of the key that becomes another when it is transposed.</summary>
    private static int Lowered(MusicalKey key, int semitones)
    {
        const int classes = Chromagram.Classes;
        return new MusicalKey(((key.Tonic - semitones) % classes + classes) % classes, key.IsMinor).Number;
    }

    /// <summary>The best way near another one: the same, up to 0.8 % of tempo and 60 ms of where its middle lies.</summary>
    public FitEvidence Refine(FitEvidence evidence)
    {
        const int ratios = 8, starts = 6;
        const double ratioStep = 0.001, startStep = 0.01;
        double middle = (candidate.Sounding.From + candidate.Sounding.To) / 2;
        FitTrial found = evidence.Trial;
        FitEvidence best = evidence;
        double most = evidence.Score(weights);
        for (int r = options.Stretch ? -ratios : 0; r <= (options.Stretch ? ratios : 0); r++)
        {
            double ratio = found.Ratio * (1 + r * ratioStep);
            if (Math.Abs(ratio - 1) > options.MaximumStretch)
                continue;
            for (int s = -starts; s <= starts; s++)
            {
                double start = found.Start + middle / found.Ratio - middle / ratio + s * startStep;
                FitEvidence near = At(evidence, found with { Ratio = ratio, Start = start });
                double score = near.Score(weights);
                if (score > most)
                    (best, most) = (near, score);
            }
        }
        return best;
    }

    /// <summary>What is known of a way, but for onsets, lengths and canonical variables those of a way near it.</summary>
    private FitEvidence At(FitEvidence evidence, FitTrial trial)
    {
        float[] values = OfRhythm(mix.Features.Rhythm.Match(candidate.Rhythm, trial.Ratio, trial.Start)).Values;
        for (int feature = (int)FitFeature.CanonicalEvidence + 1; feature < values.Length; feature++)
            values[feature] = evidence.Values[feature];
        double seconds = Math.Min(mix.Features.Seconds, trial.Start + candidate.Seconds / trial.Ratio) - Math.Max(0, trial.Start);
        float canonical = _canonical.Correlate(trial);
        values[(int)FitFeature.Canonical] = canonical;
        values[(int)FitFeature.CanonicalEvidence] = (float)(canonical * Math.Sqrt(Math.Max(0, seconds)));
        return new FitEvidence(trial, values);
    }
}
