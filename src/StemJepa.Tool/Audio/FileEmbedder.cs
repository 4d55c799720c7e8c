namespace StemJepa.Tool.Audio;

/// <summary>Runs files through a model, one after the other; the model itself uses every core.</summary>
internal sealed class FileEmbedder(IStemAffinity model, CancellationToken cancellationToken)
{
    /// <summary>Predicts the embedding of the stem that <paramref name="mix"/> lacks.</summary>
    /// <exception cref="StemJepaException">The file cannot be used.</exception>
    public EmbeddedRecording Predict(string mix, Stem missing, WorkProgress progress) =>
        Run(mix, recording => model.Predict(recording, missing, cancellationToken), progress);

    /// <summary>Embeds one file.</summary>
    /// <exception cref="StemJepaException">The file cannot be used.</exception>
    public EmbeddedRecording Embed(string path, WorkProgress progress) =>
        Run(path, recording => model.Embed(recording, cancellationToken), progress);

    /// <summary>Embeds files; those that cannot be used are set aside with the reason.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="progress">Counts the files.</param>
    /// <param name="embedded">Called after each file with its place in <paramref name="paths"/>.</param>
    public FileBatch EmbedAll(IReadOnlyList<string> paths, WorkProgress progress, Action<int, EmbeddedRecording>? embedded = null)
    {
        var done = new List<EmbeddedRecording>();
        IReadOnlyList<SkippedFile> skipped = EmbedEach(paths, progress, (index, recording) =>
        {
            done.Add(recording);
            embedded?.Invoke(index, recording);
        });
        return new FileBatch(done, skipped);
    }

    /// <summary>As <see cref="EmbedAll"/>, but keeps no embedding; returns the files that were set aside.</summary>
    public IReadOnlyList<SkippedFile> EmbedEach(
        IReadOnlyList<string> paths, WorkProgress progress, Action<int, EmbeddedRecording> embedded) =>
        Each(paths, path => Embed(path, progress), progress, embedded);

    /// <summary>Analyses files; returns those that cannot be used, with the reason.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="progress">Counts the files.</param>
    /// <param name="analyzed">Called after each file with its place in <paramref name="paths"/>.</param>
    public IReadOnlyList<SkippedFile> AnalyzeEach(IReadOnlyList<string> paths, WorkProgress progress, Action<int, StemAnalysis> analyzed) =>
        Each(paths, path => Analyze(path, progress), progress, analyzed);

    /// <summary>Analyses one file.</summary>
    /// <exception cref="StemJepaException">The file cannot be used, or the model has no heads.</exception>
    public StemAnalysis Analyze(string path, WorkProgress progress) =>
        Read(path, recording => model.Analyze(recording, cancellationToken), progress);

    /// <summary>Aligns a candidate with a mix: two files for <paramref name="progress"/>.</summary>
    /// <exception cref="StemJepaException">A file cannot be used.</exception>
    public StemAlignment Align(string mix, string candidate, Stem stem, WorkProgress progress)
    {
        using AudioReader mixReader = AudioFile.Open(mix, progress.ReportPart, cancellationToken: cancellationToken);
        using AudioReader candidateReader = AudioFile.Open(
            candidate, part => progress.ReportPart(1 + part), cancellationToken: cancellationToken);
        StemAlignment alignment = model.Align(mixReader, candidateReader, stem, cancellationToken);
        progress.CompleteItem();
        progress.CompleteItem();
        return alignment;
    }

    /// <summary>
    /// Works through files; those that cannot be used are set aside with the reason. What <paramref name="done"/> throws is not caught.
    /// </summary>
    private static IReadOnlyList<SkippedFile> Each<T>(
        IReadOnlyList<string> paths, Func<string, T> work, WorkProgress progress, Action<int, T> done)
    {
        var skipped = new List<SkippedFile>();
        for (int i = 0; i < paths.Count; i++)
        {
            T result;
            try
            {
                result = work(paths[i]);
            }
            catch (Exception exception) when (exception is StemJepaException or IOException or UnauthorizedAccessException)
            {
                skipped.Add(new SkippedFile(paths[i], exception.Message));
                progress.CompleteItem();
                continue;
            }
            done(i, result);
        }
        return skipped;
    }

    private EmbeddedRecording Run(string path, Func<AudioReader, StemEmbedding> run, WorkProgress progress) =>
        new(path, Read(path, run, progress));

    private T Read<T>(string path, Func<AudioReader, T> read, WorkProgress progress)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using AudioReader recording = AudioFile.Open(path, progress.ReportPart, cancellationToken: cancellationToken);
        T result = read(recording);
        progress.CompleteItem();
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
