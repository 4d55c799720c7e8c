using StemJepa.Training.Corpus;

namespace StemJepa.Training.Training;

/// <summary>
/// Draws windows of songs in which at least two stems are active (paper, section 3.2). Every draw is a function of the seed, the step and
/// its place in the batch, so a resumed run sees the same windows. Thread-safe.
/// </summary>
internal sealed class Windows(CorpusAudio audio, TrainingSettings settings)
{
    private const int Tries = 10;

    public int Samples { get; } = (int)Math.Round(settings.WindowSeconds * FrontEndSettings.SampleRate);

    /// <summary>A window's four stems, after random gains, and which of them are active.</summary>
    internal sealed record Window(float[][] Stems, bool[] Active)
    {
        public int ActiveCount => Active.Count(active => active);

        public void Mix(IEnumerable<int> stems, Span<float> destination)
        {
            destination.Clear();
            foreach (int stem in stems)
                System.Numerics.Tensors.TensorPrimitives.Add(destination, Stems[stem], destination);
        }
    }

    /// <summary>The random numbers of one place of one step.</summary>
    public Random RandomOf(long step, int place)
    {
        ulong hash = ((ulong)settings.Seed << 40) ^ ((ulong)step << 16) ^ (ulong)place;
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return new Random((int)(hash ^ (hash >> 32)));
    }

    /// <summary>Different songs for the places of a step's batch; songs repeat only when the batch is larger than the corpus.</summary>
    public int[] SongsOf(long step, int batch)
    {
        Random random = RandomOf(step, ushort.MaxValue);
        int[] order = [.. Enumerable.Range(0, audio.Songs.Count)];
        random.Shuffle(order);
        return [.. Enumerable.Range(0, batch).Select(place => order[place % order.Length])];
    }

    /// <summary>
    /// Draws up to ten windows of a song until one has at least two active stems, among them <paramref name="required"/> if it is given;
    /// returns the last one drawn when none has.
    /// </summary>
    public Window Draw(int song, Random random, int? required)
    {
        for (int attempt = 1; ; attempt++)
        {
            int start = random.Next(Math.Max(1, audio.Length(song) - Samples + 1));
            Window window = Read(song, start);
            bool suits = window.ActiveCount >= 2 && (required is not { } stem || window.Active[stem]);
            if (!suits && attempt < Tries)
                continue;
            foreach (float[] samples in window.Stems)
            {
                double decibels = (2 * random.NextDouble() - 1) * settings.GainDecibels;
                System.Numerics.Tensors.TensorPrimitives.Multiply(samples, (float)Math.Pow(10, decibels / 20), samples);
            }
            return window;
        }
    }

    private Window Read(int song, int start)
    {
        var stems = new float[CorpusAudio.Stems][];
        var active = new bool[CorpusAudio.Stems];
        for (int stem = 0; stem < stems.Length; stem++)
        {
            stems[stem] = new float[Samples];
            audio.Read(song, stem, start, stems[stem]);
            active[stem] = System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<float>(stems[stem]) is var peak && Math.Abs(peak) > settings.ActivePeak;
        }
        return new Window(stems, active);
    }
}
