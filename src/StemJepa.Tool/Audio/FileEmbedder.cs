using StemJepa.Tool.Output;

namespace StemJepa.Tool.Audio;

/// <summary>Runs files through a model, one after the other; the model itself uses every core.</summary>
internal sealed class FileEmbedder(IStemAffinity model, CancellationToken cancellationToken)
{
    /// <summary>Predicts what <paramref name="mix"/> lacks.</summary>
    /// <exception cref="StemJepaException">The file cannot be used.</exception>
    public EmbeddedRecording Predict(string mix, Stem missing, WorkProgress progress) =>
        Run(mix, recording => model.Predict(recording, missing, cancellationToken), progress);

    /// <summary>Embeds one file.</summary>
    /// <exception cref="StemJepaException">The file cannot be used.</exception>
    public EmbeddedRecording Embed(string path, WorkProgress progress) =>
        Run(path, recording => model.Embed(recording, cancellationToken), progress);

    /// <summary>Embeds files; those that cannot be used are set aside with the reason.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="progress">Told of each file.</param>
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
    public IReadOnlyList<SkippedFile> EmbedEach(IReadOnlyList<string> paths, WorkProgress progress, Action<int, EmbeddedRecording> embedded)
    {
        var skipped = new List<SkippedFile>();
        for (int i = 0; i < paths.Count; i++)
        {
            EmbeddedRecording recording;
            try
            {
                recording = Embed(paths[i], progress);
            }
            catch (Exception exception) when (exception is StemJepaException or IOException or UnauthorizedAccessException)
            {
                skipped.Add(new SkippedFile(paths[i], exception.Message));
                progress.CompleteItem();
                continue;
            }
            embedded(i, recording);
        }
        return skipped;
    }

    private EmbeddedRecording Run(string path, Func<Recording, StemEmbedding> run, WorkProgress progress)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using Recording recording = AudioFile.Open(path, progress.ReportPart, cancellationToken: cancellationToken);
        StemEmbedding embedding = run(recording);
        progress.CompleteItem();
        return new EmbeddedRecording(path, embedding);
    }
}
