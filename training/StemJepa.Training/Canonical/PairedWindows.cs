using StemJepa.Training.Corpus;
using StemJepa.Training.Evaluation.Shifts;

namespace StemJepa.Training.Canonical;

/// <summary>Songs cut into windows, as long as those that alignment is measured on, one after the other: each stem, and the mix of the others. Thread-safe.</summary>
internal sealed class PairedWindows(IReadOnlyList<CorpusSong> songs) : IDisposable
{
    /// <summary>Seconds of a window.</summary>
    public static double Seconds { get; } = new ShiftSettings().Seconds;

    /// <summary>Seconds of a song's last window, at least.</summary>
    public static double ShortestSeconds { get; } = new ShiftSettings().Shortest;

    private readonly CorpusAudio audio = new(songs);

    /// <summary>A stem of a window, and the mix of the others, as <see cref="AlignmentFeatures"/>.</summary>
    internal readonly record struct Pair(Stem Stem, float[] Mix, float[] Candidate);

    /// <summary>The pairs of a song in which both play.</summary>
    public IReadOnlyList<Pair> Of(int song)
    {
        const int rate = FrontEndSettings.SampleRate;
        var pairs = new List<Pair>();
        for (int start = 0; start + ShortestSeconds * rate <= audio.Length(song); start += (int)(Seconds * rate))
        {
            int length = (int)Math.Min(Seconds * rate, audio.Length(song) - start);
            float[][] stems = audio.ReadAll(song, start, length);
            foreach (Stem stem in Enum.GetValues<Stem>())
            {
                float[] mix = CorpusAudio.MixWithout(stems, (int)stem);
                if (!ShiftQueries.IsSilent(mix) && !ShiftQueries.IsSilent(stems[(int)stem]))
                    pairs.Add(new Pair(stem, AlignmentFeatures.Of(mix), AlignmentFeatures.Of(stems[(int)stem])));
            }
        }
        return pairs;
    }

    public void Dispose() => audio.Dispose();
}
