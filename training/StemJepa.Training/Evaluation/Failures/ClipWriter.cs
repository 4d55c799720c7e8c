using System.Numerics.Tensors;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Writes short clips of queries into the folder <c>audio</c> beside a report, which links to them: inside the page they would make it tens
/// of megabytes. A clip that several cases need is written once.
/// </summary>
internal sealed class ClipWriter(string folder, IReadOnlyDictionary<string, CorpusSong> songs)
{
    public const string AudioFolder = "audio";

    /// <summary>The window of a model.</summary>
    private const double Seconds = 8;

    private const int Samples = (int)(Seconds * FrontEndSettings.SampleRate);

    private readonly HashSet<string> _written = [];

    /// <summary>The loudest 8 s of the true stem, the rest of the song at that time, and the loudest 8 s of the preferred stem.</summary>
    public FailureClips Write(QueryOutcome outcome)
    {
        CorpusSong song = songs[outcome.Query.Song];
        int start = Loudest(song, outcome.Query.Stem), other = Loudest(songs[outcome.Best.Song], outcome.Best.Stem);
        return new FailureClips(
            Write(song, $"without-{Name(outcome.Query.Stem)}", [.. Stem.Roles.Where(stem => stem != outcome.Query.Stem)],
                start),
            Write(song, Name(outcome.Query.Stem), [outcome.Query.Stem], start),
            Write(songs[outcome.Best.Song], Name(outcome.Best.Stem), [outcome.Best.Stem], other));
    }

    private string Write(CorpusSong song, string what, Stem[] stems, int start)
    {
        string file = $"{song.Name}-{what}.wav", link = $"{AudioFolder}/{Uri.EscapeDataString(file)}";
        if (!_written.Add(link))
            return link;
        Directory.CreateDirectory(Path.Combine(folder, AudioFolder));
        ReadOnlyMemory<float> sum = stems.Any(stem => File.Exists(song.PathOf(stem)))
            ? ClipAudio.FromStems(song, stems, double.PositiveInfinity).Samples : new float[1];
        int first = Math.Min(start, Math.Max(0, sum.Length - 1));
        new AudioClip(sum.Slice(first, Math.Min(Samples, sum.Length - first)), FrontEndSettings.SampleRate)
            .Save(Path.Combine(folder, AudioFolder, file));
        return link;
    }

    /// <summary>Where the loudest 8 s of a stem begin, to half of that.</summary>
    private static int Loudest(CorpusSong song, Stem stem)
    {
        ReadOnlySpan<float> samples = ClipAudio.FromStems(song, [stem], double.PositiveInfinity).Samples.Span;
        (int best, float loudest) = (0, -1);
        for (int start = 0; start < samples.Length; start += Samples / 2)
        {
            float energy = TensorPrimitives.SumOfSquares(samples.Slice(start, Math.Min(Samples, samples.Length - start)));
            if (energy > loudest)
                (best, loudest) = (start, energy);
        }
        return best;
    }

    private static string Name(Stem stem) => stem.Name;
}
