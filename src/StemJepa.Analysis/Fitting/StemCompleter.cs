using System.Collections.Concurrent;

namespace StemJepa;

/// <summary>A recording that was taken into an arrangement.</summary>
/// <param name="Id">What the search calls it, such as its path.</param>
/// <param name="Fit">How it was fitted to the mix with what was taken before.</param>
public sealed record ArrangementPart(string Id, StemFit Fit);

/// <summary>A mix with the stems that it lacked. Immutable and thread-safe.</summary>
/// <param name="Parts">What was taken, in the order that was asked for.</param>
/// <param name="Affinity">The mean of the parts' affinities after fitting, -1..1.</param>
/// <param name="Audio">All of it together, as long as the mix; true peak at most -1 dB.</param>
public sealed record Arrangement(IReadOnlyList<ArrangementPart> Parts, float Affinity, MultichannelClip Audio)
{
    /// <summary>The sum of the parts' <see cref="StemFit.Score"/>: the higher, the better are they for this mix and these stems.</summary>
    public float Score => Parts.Sum(part => part.Fit.Score);
}

/// <summary>How far <see cref="StemCompleter"/> looks. Immutable.</summary>
public sealed record StemCompleterOptions
{
    /// <summary>How many arrangements are kept after each stem, 1..100.</summary>
    public int Beam { get; init; } = 3;

    /// <summary>How many recordings are fitted for each of them, 1..1000.</summary>
    public int Candidates { get; init; } = 8;

    /// <summary>What may be done to a recording.</summary>
    public StemFitOptions Fit { get; init; } = new();

    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    internal void Check()
    {
        if (Beam is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(Beam), Beam, "The beam is 1 to 100 arrangements.");
        if (Candidates is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(Candidates), Candidates, "The candidates are 1 to 1000.");
        Fit.Check();
    }
}

/// <summary>
/// Completes a mix, stem by stem: the best drums, then the best bass for the mix with those drums, and so on, by beam search over the few
/// best arrangements, by <see cref="Arrangement.Score"/>. Thread-safe.
/// </summary>
/// <param name="model">The model, which stays its owner's.</param>
/// <param name="fitter">A fitter of that model, which stays its owner's.</param>
public sealed class StemCompleter(IStemAffinity model, StemFitter fitter)
{
    /// <summary>Finds the ids of recordings that fit as a stem, best first.</summary>
    /// <param name="prediction">The embedding that the stem should have.</param>
    /// <param name="stem">The stem.</param>
    /// <param name="count">How many are asked for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public delegate IReadOnlyList<string> Search(StemEmbedding prediction, Stem stem, int count, CancellationToken cancellationToken);

    /// <summary>Completes a mix.</summary>
    /// <param name="mix">The mix.</param>
    /// <param name="stems">The stems that it lacks, in the order in which they are looked for; at least one, each once.</param>
    /// <param name="search">Finds recordings.</param>
    /// <param name="load">Reads a recording by its id; one that it refuses with a <see cref="StemJepaException"/> is left out.</param>
    /// <param name="options">How far to look; null for the usual.</param>
    /// <param name="progress">Called with the number of stems that are found.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The best arrangements, best first, at most as many as the beam.</returns>
    /// <exception cref="ArgumentException">There is no stem, or one is named twice.</exception>
    /// <exception cref="StemJepaException">The mix cannot be used, or for a stem no recording is found that can be.</exception>
    public IReadOnlyList<Arrangement> Complete(MultichannelClip mix, IReadOnlyList<Stem> stems, Search search,
        Func<string, MultichannelClip> load, StemCompleterOptions? options = null, Action<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(stems);
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(load);
        options ??= new StemCompleterOptions();
        options.Check();
        if (stems.Count == 0 || stems.Distinct().Count() != stems.Count)
            throw new ArgumentException("Name at least one stem, and each only once.", nameof(stems));
        IReadOnlyList<Arrangement> beam = [new Arrangement([], 0, mix)];
        for (int done = 0; done < stems.Count; done++)
        {
            Stem stem = stems[done];
            var failures = new ConcurrentQueue<StemJepaException>();
            Choice[] choices = [.. beam.SelectMany(arrangement =>
                    Extend(arrangement, stem, search, load, options, failures, cancellationToken))
                .OrderByDescending(choice => choice.Score).Take(options.Beam)];
            if (choices.Length == 0)
                throw failures.FirstOrDefault() ?? new StemJepaException(
                    $"No recording is found as {stem.Name}: index some, or ask for fewer stems.");
            beam = [.. choices.Select(choice => Take(choice, load, cancellationToken))];
            progress?.Invoke(done + 1);
        }
        return beam;
    }

    private IEnumerable<Choice> Extend(Arrangement arrangement, Stem stem, Search search, Func<string, MultichannelClip> load,
        StemCompleterOptions options, ConcurrentQueue<StemJepaException> failures, CancellationToken cancellationToken)
    {
        AudioClip mono = arrangement.Audio.ToMono();
        StemEmbedding prediction = model.Predict(mono, stem, cancellationToken);
        FitMix prepared = fitter.Prepare(mono, stem, cancellationToken);
        return search(prediction, stem, options.Candidates, cancellationToken)
            .Where(id => arrangement.Parts.All(part => part.Id != id)).Take(options.Candidates)
            .AsParallel().AsOrdered().WithCancellation(cancellationToken)
            .Select(TryFit).OfType<Choice>()
            .ToArray();

        Choice? TryFit(string id)
        {
            try
            {
                return new Choice(arrangement,
                    new ArrangementPart(id, fitter.Fit(prepared, load(id).ToMono(), options.Fit, cancellationToken)));
            }
            catch (StemJepaException error)
            {
                failures.Enqueue(error);
                return null;
            }
        }
    }

    private static Arrangement Take(Choice choice, Func<string, MultichannelClip> load, CancellationToken cancellationToken)
    {
        MultichannelClip mix = choice.Before.Audio;
        FittedAudio fitted = FittedAudio.Render(choice.Part.Fit, mix, load(choice.Part.Id), null, cancellationToken);
        ArrangementPart[] parts = [.. choice.Before.Parts, choice.Part];
        return new Arrangement(parts, parts.Average(part => part.Fit.Affinity), fitted.UnderMix(mix));
    }

    private sealed record Choice(Arrangement Before, ArrangementPart Part)
    {
        public float Score { get; } = Before.Parts.Sum(part => part.Fit.Score) + Part.Fit.Score;
    }
}
