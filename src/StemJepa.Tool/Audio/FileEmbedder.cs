using StemJepa.Tool.Output;

namespace StemJepa.Tool.Audio;

/// <summary>Runs files through a model; every core is busy, with one file or with many.</summary>
internal sealed class FileEmbedder(IStemAffinity model, CancellationToken cancellationToken, StemAnalyzer? analyzer = null)
{
    /// <summary>
    /// The files that the user named, which may be pipes and devices; those that were found in folders may not. Null: all were named.
    /// </summary>
    public HashSet<string>? Named { get; init; }

    /// <summary>Predicts the embedding of the stem that <paramref name="mix"/> lacks.</summary>
    /// <exception cref="StemJepaException">The file cannot be used.</exception>
    public EmbeddedRecording Predict(string mix, Stem missing, WorkProgress progress) =>
        Run(mix, recording => model.Predict(recording, missing, cancellationToken: cancellationToken), progress);

    /// <summary>Embeds one file.</summary>
    /// <exception cref="StemJepaException">The file cannot be used.</exception>
    public EmbeddedRecording Embed(string path, WorkProgress progress) =>
        Run(path, recording => model.Embed(recording, cancellationToken: cancellationToken), progress);

    /// <summary>Embeds files; those that cannot be used are set aside with the reason.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="progress">Counts the files.</param>
    /// <param name="embedded">
    /// Called after each file with its place in <paramref name="paths"/>; where it throws, the file is set aside too.
    /// </param>
    public FileBatch EmbedAll(IReadOnlyList<string> paths, WorkProgress progress, Action<int, EmbeddedRecording>? embedded = null)
    {
        var done = new List<EmbeddedRecording>();
        IReadOnlyList<SkippedFile> skipped = EmbedEach(paths, progress, (index, recording) =>
        {
            embedded?.Invoke(index, recording);
            done.Add(recording);
        });
        return new FileBatch(done, skipped);
    }

    /// <summary>As <see cref="EmbedAll"/>, but keeps no embedding; returns the files that were set aside.</summary>
    public IReadOnlyList<SkippedFile> EmbedEach(
        IReadOnlyList<string> paths, WorkProgress progress, Action<int, EmbeddedRecording> embedded) =>
        Each(paths, path => Run(path, recording => model.Embed(recording, cancellationToken: cancellationToken)), progress, embedded);

    /// <summary>Analyses files; returns those that cannot be used, with the reason.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="progress">Counts the files.</param>
    /// <param name="analyzed">Called after each file with its place in <paramref name="paths"/>.</param>
    public IReadOnlyList<SkippedFile> AnalyzeEach(IReadOnlyList<string> paths, WorkProgress progress, Action<int, StemAnalysis> analyzed) =>
        Each(paths, path => Read(path, Analyze), progress, analyzed);

    /// <summary>Analyses one file.</summary>
    /// <exception cref="StemJepaException">The file cannot be used, or the model has no heads.</exception>
    public StemAnalysis Analyze(string path, WorkProgress progress) =>
        Read(path, Analyze, progress);

    /// <summary>Compares candidates that start together with a mix with it, as they are, by <see cref="StemCoherence"/>.</summary>
    /// <returns>The prediction, how well each usable file goes with the mix, and the files that were set aside.</returns>
    public (EmbeddedRecording Prediction, FileBatch Batch, IReadOnlyList<RecordingCoherence> Coherences) CompareInTime(
        string mix, IReadOnlyList<string> paths, Stem missing, WorkProgress progress)
    {
        var coherence = new StemCoherence(model);
        CoherenceMix prepared = Read(mix, recording => coherence.Prepare(recording, missing, cancellationToken), progress);
        var embedded = new List<EmbeddedRecording>();
        var coherences = new List<RecordingCoherence>();
        IReadOnlyList<SkippedFile> skipped = Each(paths,
            path => Read(path, recording => coherence.Compare(prepared, recording, cancellationToken)), progress, (index, result) =>
            {
                embedded.Add(new EmbeddedRecording(paths[index], result.Embedding));
                coherences.Add(result);
            });
        return (new EmbeddedRecording(mix, prepared.Prediction), new FileBatch(embedded, skipped), coherences);
    }

    /// <summary>Aligns a candidate with a mix: two files for <paramref name="progress"/>.</summary>
    /// <returns>The alignment, and which of the files are far beyond full scale.</returns>
    /// <exception cref="StemJepaException">A file cannot be used.</exception>
    public (StemAlignment Alignment, IReadOnlyList<string> Overdriven) Align(string mix, string candidate, Stem stem, WorkProgress progress)
    {
        using AudioReader mixReader = AudioFile.Open(mix, progress.ReportPart, cancellationToken: cancellationToken);
        using AudioReader candidateReader = AudioFile.Open(
            candidate, part => progress.ReportPart(1 + part), cancellationToken: cancellationToken);
        float mixPeak = 0, candidatePeak = 0;
        using var mixTap = new TapReader(mixReader, block => mixPeak = Math.Max(mixPeak, PeakMeter.Measure(block)));
        using var candidateTap =
            new TapReader(candidateReader, block => candidatePeak = Math.Max(candidatePeak, PeakMeter.Measure(block)));
        StemAlignment alignment = model.Align(mixTap, candidateTap, stem, cancellationToken);
        progress.CompleteItem();
        progress.CompleteItem();
        return (alignment, [.. new[] { (mix, mixPeak), (candidate, candidatePeak) }
            .Where(file => file.Item2 > StemEmbedding.LoudestPeak).Select(file => file.Item1)]);
    }

    /// <summary>
    /// Works through files, as many at once as there are cores, and hands the results over in their order. Whatever one file makes
    /// <paramref name="work"/> or <paramref name="done"/> throw, it is set aside with the reason and the others go on; only a
    /// cancellation and a <see cref="BatchFailure"/> end the batch.
    /// </summary>
    private IReadOnlyList<SkippedFile> Each<T>(
        IReadOnlyList<string> paths, Func<string, T> work, WorkProgress progress, Action<int, T> done)
    {
        var skipped = new List<SkippedFile>();
        var running = new OrderedTasks<T>();
        int next = 0;
        try
        {
            for (int i = 0; i < paths.Count; i++)
            {
                while (next < paths.Count && !running.IsFull)
                {
                    string path = paths[next++];
                    running.Add(Task.Run(() => work(path)));
                }
                try
                {
                    done(i, running.Take().GetAwaiter().GetResult());
                }
                catch (Exception exception) when (exception is not BatchFailure && !cancellationToken.IsCancellationRequested)
                {
                    skipped.Add(new SkippedFile(paths[i], Failure.Describe(exception).Sentence));
                }
                finally
                {
                    progress.CompleteItem();
                }
            }
            return skipped;
        }
        finally
        {
            running.EndAsync().GetAwaiter().GetResult();
        }
    }

    private StemAnalysis Analyze(AudioReader recording) => analyzer!.Analyze(recording, cancellationToken);

    private EmbeddedRecording Run(string path, Func<AudioReader, StemEmbedding> run, WorkProgress? progress = null) =>
        new(path, Read(path, run, progress));

    private T Read<T>(string path, Func<AudioReader, T> read, WorkProgress? progress = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Named?.Contains(path) == false)
            RegularFile.Require(path);
        using AudioReader recording =
            AudioFile.Open(path, progress is null ? null : progress.ReportPart, cancellationToken: cancellationToken);
        T result = read(recording);
        progress?.CompleteItem();
        return result;
    }
}

/// <summary>The embedding of one file.</summary>
/// <param name="Path">The file, as given.</param>
/// <param name="Embedding">Its embedding, or for a mix the embedding that its missing stem should have.</param>
internal sealed record EmbeddedRecording(string Path, StemEmbedding Embedding);

/// <summary>The results of several files, in the order given.</summary>
internal sealed record FileBatch(IReadOnlyList<EmbeddedRecording> Embedded, IReadOnlyList<SkippedFile> Skipped);

/// <summary>A file that could not be used, and why.</summary>
internal sealed record SkippedFile(string File, string Error);
