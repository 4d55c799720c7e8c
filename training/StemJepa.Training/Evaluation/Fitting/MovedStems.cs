using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>A mix, one of its stems as it was moved, and what brings it back.</summary>
/// <param name="Stem">The stem that the mix lacks.</param>
/// <param name="Mix">The other stems.</param>
/// <param name="Candidate">The stem in another tempo and key, from another time.</param>
/// <param name="Answer">How it fits.</param>
internal sealed record MovedStem(Stem Stem, AudioClip Mix, AudioClip Candidate, FitTrial Answer)
{
    /// <summary>How near to the answer counts as found, for learning and in reports.</summary>
    private const double RatioForLearning = 0.008, StartForLearning = 0.08, Ratio = 0.005, Start = 0.05;

    public bool HasRatio(double ratio) => Math.Abs(ratio / Answer.Ratio - 1) <= Ratio;

    public bool HasStart(double seconds) => Math.Abs(seconds - Answer.Start) <= Start;

    /// <summary>Whether a way to fit is right enough to learn from.</summary>
    public bool IsNear(FitTrial trial) => trial.Semitones == Answer.Semitones && Math.Abs(trial.Ratio / Answer.Ratio - 1) < RatioForLearning
        && Math.Abs(trial.Start - Answer.Start) < StartForLearning;

    /// <summary>Plays a stem slower or faster and transposed (drums are not), and lets it begin after some silence.</summary>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="mix">The other stems.</param>
    /// <param name="part">The stem, from some time of the mix on.</param>
    /// <param name="from">That time in seconds.</param>
    /// <param name="tempo">New tempo / old tempo.</param>
    /// <param name="semitones">Transposition.</param>
    /// <param name="delay">Seconds of silence before it.</param>
    public static MovedStem Create(Stem stem, AudioClip mix, AudioClip part, double from, double tempo, int semitones, double delay)
    {
        semitones = stem == Stem.Drums ? 0 : semitones;
        AudioClip moved = TimeStretch.Apply(part, tempo, semitones, stem);
        int silence = (int)Math.Round(delay * moved.SampleRate);
        float[] samples = [.. new float[silence], .. moved.Samples.Span];
        return new MovedStem(stem, mix, new AudioClip(samples, moved.SampleRate),
            new FitTrial(-semitones, 1 / tempo, from - tempo * silence / moved.SampleRate));
    }
}

/// <summary>
/// Draws moved stems of songs, one of each stem: excerpts of 8 to 30 s, in four cases of ten the same time of mix and stem, else a part of
/// it, another time that overlaps, or a longer one that begins before the mix and ends after it; up to 20 % of tempo and
/// 6 semitones away, half of them after up to 2 s of silence. Functions of the seed and the names of the songs. Thread-safe.
/// </summary>
internal sealed class MovedStems(IReadOnlyList<CorpusSong> songs, int seed) : IDisposable
{
    private const int Rate = FrontEndSettings.SampleRate, Tries = 10;
    private const double MostTempo = 0.18, SameTempo = 0.2, LongestSilence = 2, ShortestPart = 0.4, FarthestPart = 1.0 / 3;

    private static readonly double[] Lengths = [8, 8, 8, 12, 20, 30];

    private readonly CorpusAudio _audio = new(songs);

    /// <summary>The cases of a song; none of stems for which no time is found at which it and the others play.</summary>
    public IEnumerable<MovedStem> Of(int song) => Stem.Roles.Select(stem => Draw(song, stem)).OfType<MovedStem>();

    public void Dispose() => _audio.Dispose();

    private MovedStem? Draw(int song, Stem stem)
    {
        Random random = SeededRandom.For($"{seed}/fit/{songs[song].Name}/{stem.Name}");
        int length = (int)(random.Pick(Lengths) * Rate), all = _audio.Length(song);
        for (int attempt = 0; attempt < Tries && all > length; attempt++)
        {
            int start = random.Next(all - length), from = start, taken = length;
            double kind = random.NextDouble();
            if (kind < 0.2)
            {
                taken = (int)(length * (ShortestPart + (1 - ShortestPart) * random.NextDouble()));
                from = start + random.Next(length - taken + 1);
            }
            else if (kind < 0.35)
            {
                int farthest = (int)(FarthestPart * length);
                from = Math.Clamp(start + random.Next(-farthest, farthest), 0, all - length);
            }
            else if (kind < 0.6)
            {
                int farthest = (int)(FarthestPart * length);
                from = Math.Max(0, start - random.Next(farthest));
                taken = Math.Min(all, start + length + random.Next(farthest)) - from;
            }
            double tempo = random.Chance(SameTempo) ? 1 : Math.Exp(MostTempo * (2 * random.NextDouble() - 1));
            int semitones = random.Next(-6, 7);
            double silence = random.Chance(0.5) ? 0 : LongestSilence * random.NextDouble();
            float[] mix = CorpusAudio.MixWithout(_audio.ReadAll(song, start, length), stem.Role), part = new float[taken];
            _audio.Read(song, stem.Role, from, part);
            if (!ShiftQueries.IsSilent(mix) && !ShiftQueries.IsSilent(part))
                return MovedStem.Create(stem, new AudioClip(mix, Rate), new AudioClip(part, Rate), (double)(from - start) / Rate, tempo,
                    semitones, silence);
        }
        return null;
    }
}
