using System.Numerics.Tensors;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>Draws the queries of songs: functions of the seed and of the names of song and stem. Not thread-safe.</summary>
internal sealed class ShiftQueries(IReadOnlyList<CorpusSong> songs, ShiftSettings settings) : IDisposable
{
    /// <summary>The peak, -60 dB, up to which a window counts as silent.</summary>
    private const float SilentPeak = 1e-3f;

    private const int Tries = 10;

    private readonly CorpusAudio _audio = new(songs);

    /// <summary>Songs.</summary>
    public int Count => songs.Count;

    /// <summary>
    /// The queries of a song, one for each stem that is not silent throughout; null for a stem if no time was found at which it and the
    /// others play, or if the song is too short.
    /// </summary>
    public IEnumerable<ShiftQuery?> QueriesOf(int song)
    {
        float[][] stems = _audio.ReadAll(song, 0, _audio.Length(song));
        for (int stem = 0; stem < stems.Length; stem++)
        {
            if (!IsSilent(stems[stem]))
                yield return Draw(songs[song], Stem.Roles[stem], CorpusAudio.MixWithout(stems, stem), stems[stem]);
        }
    }

    public void Dispose() => _audio.Dispose();

    private ShiftQuery? Draw(CorpusSong song, Stem stem, float[] mix, float[] target)
    {
        const int rate = FrontEndSettings.SampleRate;
        Random random = SeededRandom.For($"{settings.Seed} {song.Name} {stem.Name}");
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            int steps = (int)(settings.Farthest * rate / settings.StepSamples),
                shift = random.Next(-steps, steps + 1) * settings.StepSamples;
            int length = (int)Math.Min(settings.Seconds * rate, target.Length - Math.Abs(shift));
            if (length < settings.Shortest * rate)
                continue;
            int first = random.Next(target.Length - length - Math.Abs(shift) + 1), mixStart = first + Math.Max(0, -shift),
                start = first + Math.Max(0, shift);
            ReadOnlyMemory<float> excerpt = mix.AsMemory(mixStart, length), candidate = target.AsMemory(start, length);
            if (!IsSilent(excerpt.Span) && !IsSilent(candidate.Span))
                return new ShiftQuery(stem, new AudioClip(excerpt, rate), new AudioClip(candidate, rate), (double)shift / rate,
                    SongTiming.FromSong(song, (double)mixStart / rate));
        }
        return null;
    }

    /// <summary>Whether a window counts as silent.</summary>
    public static bool IsSilent(ReadOnlySpan<float> samples) => Math.Abs(TensorPrimitives.MaxMagnitude(samples)) <= SilentPeak;
}

/// <summary>A mix without one of its stems, and that stem from another time of the song: which shift aligns them?</summary>
/// <param name="Stem">The stem that the mix lacks.</param>
/// <param name="Mix">The other stems.</param>
/// <param name="Candidate">The stem, as long as the mix.</param>
/// <param name="Shift">How much later the candidate begins in the song than the mix, in seconds: the answer to the query.</param>
/// <param name="Timing">Beat and bar there; null if they are unknown.</param>
internal sealed record ShiftQuery(Stem Stem, AudioClip Mix, AudioClip Candidate, double Shift, SongTiming? Timing);

/// <summary>Settings of the random queries.</summary>
internal sealed record ShiftSettings
{
    /// <summary>
    /// Seconds of mix and candidate, at least <see cref="Shortest"/>; less where a song does not have as many. As a rule all that both can
    /// have.
    /// </summary>
    public double Seconds { get; init; } = double.PositiveInfinity;

    /// <summary>The farthest shift either way, in seconds.</summary>
    public double Farthest { get; init; } = 8;

    /// <summary>
    /// Seconds that are needed for alignment to search as far as <see cref="Farthest"/>: recordings overlap by half at least.
    /// </summary>
    public double Shortest => 2 * Farthest;

    /// <summary>Shifts are multiples of so many samples of 16 kHz.</summary>
    public int StepSamples { get; init; } = 1;

    /// <summary>Seed of excerpts and shifts.</summary>
    public int Seed { get; init; } = 1;
}
