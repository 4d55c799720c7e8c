namespace StemJepa;

/// <summary>
/// Finds the few ways to fit a candidate that are worth the model's time. Tempo and start come from the onsets that both have in common,
/// at all tempi that are allowed; the transposition from the pitch classes that sound together then. Tempo and key as the analysis
/// estimates them are only hints: half a percent of tempo is half a beat after a minute. One mix and candidate; thread-safe.
/// </summary>
internal sealed class FitSearch(FitMix mix, FitFeatures candidate, StemFitOptions options)
{
    /// <summary>From one tempo to the next.</summary>
    private const double RatioStep = 0.002;

    /// <summary>The least time that both share: so many seconds, or half of the shorter one.</summary>
    private const double LeastSharedSeconds = 4;

    /// <summary>Two ways are the same up to so many seconds of start and so much tempo.</summary>
    private const double SameStart = 0.06, SameRatio = 0.008;

    private const int StartsOfRatio = 40;

    private readonly CanonicalFit _canonical = new(mix.Features.Alignment, candidate.Alignment, mix.Stem);

    /// <summary>The most promising ways, best first; at least one.</summary>
    public IReadOnlyList<FitEvidence> Find(int rhythms, int trials, CancellationToken cancellationToken)
    {
        var found = new List<FitEvidence>();
        IReadOnlyList<double> ratios = Ratios();
        var search = new RhythmSearch(mix.Features.Rhythm, ratios.Min());
        foreach (double ratio in ratios)
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.AddRange(search.Find(candidate.Rhythm, ratio, LeastSharedSeconds, StartsOfRatio, Flush(ratio)).Select(OfRhythm));
        }
        float[] weights = FitWeights.For(mix.Stem);
        IReadOnlyList<FitEvidence> best = Distinct(found.OrderByDescending(evidence => evidence.Score(weights)), rhythms);
        return [.. best.SelectMany(Transposed).OrderByDescending(evidence => evidence.Score(weights)).Take(trials)];
    }

    private List<double> Ratios()
    {
        if (!options.Stretch || options.MaximumStretch == 0)
            return [1];
        int faster = (int)(Math.Log(1 + options.MaximumStretch) / RatioStep), slower = (int)(Math.Log(1 - options.MaximumStretch) / RatioStep);
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
        Set(FitFeature.SameLength, 1 - Math.Min(1, Math.Abs(Math.Log((to - from) / Math.Max(0.01, mixTo - mixFrom))) / 0.02));
        Set(FitFeature.Tempo, TempoAgreement(match.Ratio));
        Set(FitFeature.LittleStretch, -Math.Abs(Math.Log(match.Ratio)));
        return new FitEvidence(new FitTrial(0, match.Ratio, match.Start), values);
    }

    private double TempoAgreement(double ratio)
    {
        const double farthest = 0.1;
        if (candidate.Tempo <= 0 || mix.Features.Tempo <= 0)
            return 0;
        double octaves = Math.Log2(candidate.Tempo * ratio / mix.Features.Tempo);
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
                for (int interval = 0; interval < classes; interval++)
                {
                    int from = (interval + semitones + classes) % classes;
                    values[(int)FitFeature.Chroma + interval] = harmony.InTime[from];
                    values[(int)FitFeature.Notes + interval] = harmony.NotesInTime[from];
                    values[(int)FitFeature.ChromaKey + interval] = harmony.Mean[from];
                    values[(int)FitFeature.NotesKey + interval] = harmony.NotesMean[from];
                }
            }
            yield return new FitEvidence(transposed, values);
        }
    }
}
