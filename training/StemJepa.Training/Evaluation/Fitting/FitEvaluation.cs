using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>What <c>evaluate fit</c> asks.</summary>
internal sealed record FitSettings
{
    /// <summary>Seconds of the mix, from <see cref="From"/> on.</summary>
    public double Seconds { get; init; } = 24;

    /// <summary>Seconds of the song before the mix, which the candidates have too.</summary>
    public double From { get; init; } = 4;

    /// <summary>How many of each ranking are fitted.</summary>
    public int Fitted { get; init; } = 10;
}

/// <summary>One query: a mix of a song, for which that stem of its near variant is looked for among those of all variants.</summary>
/// <param name="Stem">The stem that the mix lacks.</param>
/// <param name="RankBefore">Where the variant's stem lands by the affinity of embeddings, from 1.</param>
/// <param name="RankAfter">Where it lands when the best are fitted, and ordered as the library orders them.</param>
/// <param name="Fit">How it was fitted; null if it was not among those that were.</param>
/// <param name="Semitones">The transposition that brings it back.</param>
/// <param name="Ratio">New tempo / old tempo that brings it back.</param>
/// <param name="Start">Where it belongs in the mix then, in seconds.</param>
/// <param name="Bar">Seconds of a bar; null if that is unknown.</param>
internal sealed record FitQuery(Stem Stem, int RankBefore, int RankAfter, StemFit? Fit, int Semitones, double Ratio, double Start,
    double? Bar)
{
    private const double RatioTolerance = 0.005, StartTolerance = 0.05;

    public bool HasSemitones => Fit is not null && (Stem == Stem.Drums || Fit.Semitones == Semitones);

    public bool HasRatio => Fit is not null && Math.Abs(Fit.TempoRatio / Ratio - 1) <= RatioTolerance;

    public bool HasStart => Fit is not null && Math.Abs(Fit.Start.TotalSeconds - Start) <= StartTolerance;

    /// <summary>Whether the start is right, if whole bars do not count.</summary>
    public bool HasStartInBar => HasStart || (Fit is not null && Bar is { } bar
        && Math.Abs(Math.IEEERemainder(Fit.Start.TotalSeconds - Start, bar)) <= StartTolerance);
}

/// <summary>
/// Whether stems of near variants of songs (other key or tempo, same sounds) are found and fitted back. Candidates are the same stem of
/// every variant. Not thread-safe.
/// </summary>
internal sealed class FitEvaluation(StemAffinity model, StemFitter fitter, FitSettings settings)
{
    private const int Rate = FrontEndSettings.SampleRate;

    private sealed record Pair(CorpusSong Song, CorpusSong Variant);

    /// <summary>Asks for each stem of each song that has a variant.</summary>
    public IReadOnlyList<FitQuery> Run(IReadOnlyList<CorpusSong> songs, int most, Action<double> progress, CancellationToken cancellation)
    {
        Pair[] pairs = [.. songs.Where(song => song.Name != song.Original)
            .Select(variant => (Variant: variant, Song: songs.FirstOrDefault(song => song.Name == variant.Original)))
            .Where(pair => pair.Song is not null).Select(pair => new Pair(pair.Song!, pair.Variant)).Take(most)];
        var queries = new List<FitQuery>();
        foreach (Stem stem in Stem.Roles)
        {
            AudioClip[] candidates = [.. pairs
                .Select(pair => Read([pair.Variant], stem, only: true, 0, (settings.From + settings.Seconds) * 1.2))];
            StemEmbedding[] embeddings = [.. candidates.Select(clip => model.Embed(clip, cancellation))];
            for (int i = 0; i < pairs.Length; i++)
            {
                if (!ShiftQueries.IsSilent(candidates[i].Samples.Span)
                    && Ask(pairs[i], i, stem, candidates, embeddings, cancellation) is { } query)
                    queries.Add(query);
                progress((stem.Role + (i + 1.0) / pairs.Length) / CorpusAudio.Stems);
            }
        }
        return queries;
    }

    private FitQuery? Ask(Pair pair, int index, Stem stem, AudioClip[] candidates, StemEmbedding[] embeddings,
        CancellationToken cancellation)
    {
        AudioClip mix = Read([pair.Song], stem, only: false, settings.From, settings.Seconds);
        if (ShiftQueries.IsSilent(mix.Samples.Span))
            return null;
        StemEmbedding prediction = model.Predict(mix, stem, cancellation);
        RankedStem[] before = [.. AffinityOrder.Rank([.. embeddings.Select(prediction.Similarity)])];
        FitMix prepared = fitter.Prepare(mix, stem, cancellation);
        (int Index, StemFit? Fit)[] after = [.. FitRanking<int>.Create([.. before.Select(ranked => ranked.Index)], settings.Fitted,
            candidate => fitter.Fit(prepared, candidates[candidate], null, cancellation), null, cancellation).Results];
        int rank = Array.FindIndex(after, result => result.Index == index);
        SongRecord song = SongRecord.Load(pair.Song.Folder), variant = SongRecord.Load(pair.Variant.Folder);
        return new FitQuery(stem, 1 + Array.FindIndex(before, ranked => ranked.Index == index), 1 + rank,
            after[rank].Fit, song.Transpose - variant.Transpose, song.TempoFactor / variant.TempoFactor,
            -settings.From, SongTiming.FromSong(pair.Song, settings.From)?.Bar);
    }

    /// <summary>A stem, or the sum of the other stems, of a song.</summary>
    private static AudioClip Read(CorpusSong[] song, Stem stem, bool only, double from, double seconds)
    {
        using var audio = new CorpusAudio(song);
        int start = (int)(from * Rate), length = Math.Max(1, Math.Min((int)(seconds * Rate), audio.Length(0) - start));
        float[][] stems = audio.ReadAll(0, start, length);
        return new AudioClip(only ? stems[stem.Role] : CorpusAudio.MixWithout(stems, stem.Role), Rate);
    }
}
