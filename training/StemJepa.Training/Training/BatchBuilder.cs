using System.Buffers;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Training;

/// <summary>Makes the batch of any step from the seed and the step's number alone. Thread-safe.</summary>
internal sealed class BatchBuilder(CorpusAudio audio, TrainingSettings settings, LogMelSpectrogram frontEnd)
{
    private const double LongSeconds = 8;
    private const int Bands = FrontEndSettings.MelBands, TwoKindsEvery = 4;

    private readonly RecordingEffects effects = new(settings);
    private readonly Clipping clipping = new(settings);
    private readonly Room room = new(settings, frontEnd.Settings);
    private readonly Equaliser equaliser = new(settings, frontEnd.Settings);
    private readonly Windows contrastiveWindows = new(audio, settings, settings.ContrastiveWindowSeconds);
    private readonly Windows jepaWindows = new(audio, settings, settings.JepaWindowSeconds);
    private readonly Windows longWindows = new(audio, settings, LongSeconds);
    private readonly Schedule schedule = new(settings);

    public Batch Build(long step) => schedule.IsContrastive(step) ? BuildContrastive(step) : BuildJepa(step);

    private ContrastiveBatch BuildContrastive(long step)
    {
        Windows windows = contrastiveWindows;
        int count = settings.ContrastiveBatch, frames = windows.Frames;
        const int mixView = CorpusAudio.Stems;
        float[] logMels = Rent((mixView + 1) * count, frames);
        var active = new bool[(mixView + 1) * count];
        var inMix = new bool[CorpusAudio.Stems * count];
        Windows.Window window = windows.Room();
        var scratch = new float[Bands * LogMelSpectrogram.FrameCount(windows.Samples)];
        Windows.Choice[] choices = windows.Choose(step, count);
        for (int i = 0; i < count; i++)
        {
            Random random = windows.RandomOf(step, i);
            windows.Draw(window, choices[i], random, required: null);
            int[] stems = ActiveInRandomOrder(window, random);
            for (int stem = 0; stem < CorpusAudio.Stems; stem++)
            {
                active[stem * count + i] = window.Active[stem];
                Put(Single(window, stem, random), logMels, stem * count + i, scratch, random);
            }
            if (stems.Length > 2)
            {
                int[] mixed = stems[..random.Next(2, stems.Length)];
                foreach (int stem in mixed)
                    inMix[stem * count + i] = true;
                active[mixView * count + i] = true;
                Put(window.Mix(mixed), logMels, mixView * count + i, scratch, random);
            }
        }
        return new ContrastiveBatch(logMels, frames, count, active, inMix);
    }

    /// <summary>
    /// Three steps in four have targets of one kind, among which only the music tells; every fourth has two stems of each window, among which
    /// the label must tell.
    /// </summary>
    private JepaBatch BuildJepa(long step)
    {
        bool isLong = schedule.IsLong(step);
        Windows windows = isLong ? longWindows : jepaWindows;
        int pairs = isLong ? settings.JepaLongBatch : settings.JepaBatch, frames = windows.Frames;
        bool oneKind = step % TwoKindsEvery != 0;
        int kind = (int)((step - step / TwoKindsEvery) % CorpusAudio.Stems);
        int[] stems = [.. Enumerable.Range(0, pairs).Select(place => oneKind ? kind : StemOfPair(place))];
        float[] logMels = Rent(2 * pairs, frames);
        Windows.Window window = windows.Room();
        var scratch = new float[Bands * LogMelSpectrogram.FrameCount(windows.Samples)];
        Windows.Choice[] choices = windows.Choose(step, pairs, twice: !oneKind);
        for (int i = 0; i < pairs; i++)
        {
            Random random = windows.RandomOf(step, i);
            windows.Draw(window, choices[i], random, stems[i]);
            int[] others = [.. ActiveInRandomOrder(window, random).Where(stem => stem != stems[i])];
            Put(window.Mix(Context(others, random)), logMels, i, scratch, random);
            Put(Single(window, stems[i], random), logMels, pairs + i, scratch, random);
        }
        return new JepaBatch(logMels, frames, stems);
    }

    /// <summary>Room for log-mels, zeroed; a batch gives it back to the pool.</summary>
    private static float[] Rent(int rows, int frames)
    {
        float[] logMels = ArrayPool<float>.Shared.Rent(rows * Bands * frames);
        Array.Clear(logMels);
        return logMels;
    }

    private static int[] ActiveInRandomOrder(Windows.Window window, Random random)
    {
        int[] stems = [.. Enumerable.Range(0, CorpusAudio.Stems).Where(stem => window.Active[stem])];
        random.Shuffle(stems);
        return stems;
    }

    /// <summary>The two stems of a pair of places: all twelve ordered pairs in turn.</summary>
    private static int StemOfPair(int place)
    {
        int pair = place / 2, first = pair % CorpusAudio.Stems;
        return place % 2 == 0 ? first : (first + 1 + pair / CorpusAudio.Stems % (CorpusAudio.Stems - 1)) % CorpusAudio.Stems;
    }

    /// <summary>
    /// All other stems in the share of contexts that the settings give; else uniform over the non-empty subsets, as the paper draws a context.
    /// Empty only when there is nothing to draw from.
    /// </summary>
    private int[] Context(int[] stems, Random random)
    {
        if (stems.Length == 0 || random.NextDouble() < settings.FullContextShare)
            return stems;
        int bits = random.Next(1, 1 << stems.Length);
        return [.. stems.Where((_, index) => (bits >> index & 1) != 0)];
    }

    /// <summary>One stem of a window, perhaps with bleed of the others.</summary>
    private ReadOnlySpan<float> Single(Windows.Window window, int stem, Random random)
    {
        ReadOnlySpan<float> alone = window.Mix(stem);
        if (settings.BleedShare == 0 || random.NextDouble() >= settings.BleedShare)
            return alone;
        float[] leaky = alone.ToArray();
        float[][] others = [.. Enumerable.Range(0, CorpusAudio.Stems).Where(other => other != stem && window.Active[other])
            .Select(other => window.Mix(other).ToArray())];
        Interference.Bleed(leaky, others, random);
        return leaky;
    }

    private void Put(ReadOnlySpan<float> samples, float[] logMels, int row, float[] scratch, Random random)
    {
        frontEnd.Compute(clipping.Of(effects.Apply(samples, random), random), scratch);
        int computed = scratch.Length / Bands, frames = computed - 1;
        Span<float> destination = logMels.AsSpan(row * Bands * frames, Bands * frames);
        for (int band = 0; band < Bands; band++)
            scratch.AsSpan(band * computed, frames).CopyTo(destination[(band * frames)..]);
        room.Apply(destination, random);
        equaliser.Apply(destination, random);
    }
}
