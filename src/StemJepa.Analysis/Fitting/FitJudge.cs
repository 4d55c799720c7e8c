namespace StemJepa;

/// <summary>
/// The model's view of fitted candidates: the affinity in time of each with a mix, over at most 24 s. All are embedded in one call.
/// Thread-safe.
/// </summary>
internal sealed class FitJudge(IStemAffinity model, FitMix mix)
{
    private const int Rate = FrontEndSettings.SampleRate, WindowPatches = ModelEncoder.WindowPatches, MostWindows = 3;
    private const int PatchSamples = ModelEncoder.PatchSize * FrontEndSettings.Hop, WindowSamples = WindowPatches * PatchSamples;

    /// <summary>
    /// Seconds of a candidate that is stretched as a whole, once for all starts and for tempi that differ by less than a step.
    /// </summary>
    private const double LongestWhole = 40, RatioStep = 0.004;

    /// <summary>Time patches, 0.8 s, that a window shares at least to count beside others.</summary>
    private const int LeastPatches = 5;

    /// <summary>Adds the affinities to what is known of some ways to fit; 0 for one that shares no time patch with the mix.</summary>
    /// <param name="candidate">16 kHz mono, as it is.</param>
    /// <param name="found">The ways.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public IReadOnlyList<FitEvidence> Judge(float[] candidate, IReadOnlyList<FitEvidence> found, CancellationToken cancellationToken)
    {
        var clip = new AudioClip(candidate, Rate);
        var fitted = new Dictionary<(int, int), AudioClip>();
        View[] views = [.. found.SelectMany((evidence, index) => ViewsOf(clip, evidence.Trial, index, fitted, cancellationToken))];
        float[] units = views.Length == 0 ? [] : Embed([.. views.Select(view => view.Samples)], cancellationToken);
        var sums = new double[found.Count];
        var counts = new int[found.Count];
        for (int index = 0; index < views.Length; index++)
        {
            View view = views[index];
            for (int patch = view.From; patch < view.To; patch++)
                sums[view.Trial] += DotProduct.Compute(At(mix.Predicted, view.Window * WindowPatches + patch),
                    At(units, index * WindowPatches + patch));
            counts[view.Trial] += view.To - view.From;
        }
        return [.. found.Select((evidence, index) => With(evidence, counts[index] == 0 ? 0 : Math.Clamp(sums[index] / counts[index], -1, 1),
            counts[index] * PatchSequence.SecondsPerPatch))];
    }

    private static FitEvidence With(FitEvidence evidence, double affinity, double seconds)
    {
        float[] values = [.. evidence.Values];
        values[(int)FitFeature.Affinity] = (float)affinity;
        values[(int)FitFeature.AffinityEvidence] = (float)(affinity * Math.Sqrt(seconds));
        return evidence with { Values = values };
    }

    private ReadOnlySpan<float> At(float[] units, int patch) => units.AsSpan(patch * mix.PatchLength, mix.PatchLength);

    /// <summary>Whole windows, so that each is embedded by itself: one hop less than their samples gives their frames exactly.</summary>
    private float[] Embed(float[][] windows, CancellationToken cancellationToken)
    {
        float[] all = [.. windows.SelectMany(window => window)];
        var patches = new PatchSequence();
        model.Embed(new AudioClip(all.AsMemory(0, all.Length - FrontEndSettings.Hop), Rate).OpenReader(), patches, cancellationToken);
        return patches.ToUnitVectors(cancellationToken);
    }

    /// <summary>The windows of the mix in which the fitted candidate plays; of many those in which it is loudest.</summary>
    private IEnumerable<View> ViewsOf(AudioClip candidate, FitTrial trial, int number, Dictionary<(int, int), AudioClip> fitted,
        CancellationToken cancellationToken)
    {
        double seconds = candidate.Duration.TotalSeconds / trial.Ratio;
        int patches = mix.Predicted.Length / mix.PatchLength, first = (int)Math.Ceiling(trial.Start / PatchSequence.SecondsPerPatch);
        int last = Math.Min(patches, (int)Math.Floor((trial.Start + seconds) / PatchSequence.SecondsPerPatch));
        first = Math.Clamp(first, 0, Math.Max(0, last - 1));
        if (last <= first)
            return [];
        int firstWindow = first / WindowPatches, lastWindow = (last - 1) / WindowPatches;
        var shares = Enumerable.Range(firstWindow, lastWindow - firstWindow + 1)
            .Select(window => (Window: window, From: Math.Max(0, first - window * WindowPatches),
                To: Math.Min(WindowPatches, last - window * WindowPatches))).ToArray();
        var kept = shares.Where(share => share.To - share.From >= LeastPatches).ToArray();
        if (kept.Length == 0)
            kept = shares;
        return kept.Select(share => new View(number, share.Window, share.From, share.To, Piece(share.Window)))
            .OrderByDescending(view => view.Energy).Take(MostWindows).Select(view => view with
            {
                Samples = Fit(view.Window),
            });

        float[] Piece(int window)
        {
            var piece = new float[WindowSamples];
            int from = (int)((window * (double)WindowSamples / Rate - trial.Start) * trial.Ratio * Rate);
            Copy(candidate.Samples.Span, from, piece);
            return piece;
        }

        float[] Fit(int window)
        {
            const int margin = WindowSamples / 16;
            var samples = new float[WindowSamples];
            double at = window * (double)WindowSamples / Rate - trial.Start;
            int from = (int)Math.Floor(at * trial.Ratio * Rate) - margin, length = (int)(WindowSamples * trial.Ratio) + 2 * margin;
            if (candidate.Duration.TotalSeconds <= LongestWhole)
            {
                (int, int) key = (trial.Semitones, (int)Math.Round(Math.Log(trial.Ratio) / RatioStep));
                if (!fitted.TryGetValue(key, out AudioClip? whole))
                    fitted[key] = whole = TimeStretch.Apply(candidate, trial.Ratio, trial.Semitones, mix.Stem, cancellationToken);
                Copy(whole.Samples.Span, (int)Math.Round(at * Rate), samples);
                return samples;
            }
            var excerpt = new float[length];
            Copy(candidate.Samples.Span, from, excerpt);
            AudioClip part = TimeStretch.Apply(new AudioClip(excerpt, Rate), trial.Ratio, trial.Semitones, mix.Stem, cancellationToken);
            Copy(part.Samples.Span, (int)Math.Round(at * Rate - from / trial.Ratio), samples);
            return samples;
        }
    }

    /// <summary>Fills a target with samples from an index on, which may lie outside; there it stays zero.</summary>
    private static void Copy(ReadOnlySpan<float> samples, int from, Span<float> target)
    {
        int start = Math.Max(0, -from), end = Math.Min(target.Length, samples.Length - from);
        if (end > start)
            samples[(from + start)..(from + end)].CopyTo(target[start..]);
    }

    /// <summary>A window of the mix with what a trial plays there.</summary>
    /// <param name="Trial">Number of the trial.</param>
    /// <param name="Window">Number of the window.</param>
    /// <param name="From">First time patch of the window in which it plays.</param>
    /// <param name="To">The one after the last.</param>
    /// <param name="Samples">What it plays.</param>
    private sealed record View(int Trial, int Window, int From, int To, float[] Samples)
    {
        public double Energy { get; } = System.Numerics.Tensors.TensorPrimitives.SumOfSquares<float>(Samples);
    }
}
