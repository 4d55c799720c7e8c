using System.Numerics.Tensors;
using StemJepa.Training.Corpus;

namespace StemJepa.Training.Training;

/// <summary>
/// Draws windows of songs in which at least two stems are active (paper, section 3.2). Every draw is a function of the seed, the step and
/// its place in the batch, so a resumed run sees the same windows. Thread-safe.
/// </summary>
internal sealed class Windows(CorpusAudio audio, TrainingSettings settings, double seconds)
{
    private const int Tries = 10, SpeedsOfSong = 2, RateStep = 250;
    private const int FirstOfBatch = 1 << 15, FirstOfPairs = FirstOfBatch + 1;

    /// <summary>A song, and the semitones by which all its stems are played faster and higher.</summary>
    internal readonly record struct Choice(int Song, int Semitones);

    public int Samples { get; } = (int)Math.Round(seconds * FrontEndSettings.SampleRate);

    /// <summary>Whole frames of a window; the front end gives one more, centred on its end.</summary>
    public int Frames => Samples / FrontEndSettings.Hop;

    /// <summary>A window's four stems, after random gains, and which of them are active.</summary>
    internal sealed record Window(float[][] Stems, bool[] Active)
    {
        public int ActiveCount => Active.Count(active => active);

        public void Mix(IEnumerable<int> stems, Span<float> destination)
        {
            destination.Clear();
            foreach (int stem in stems)
                TensorPrimitives.Add(destination, Stems[stem], destination);
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

    /// <summary>
    /// The songs of a step's batch. Each song is drawn twice, at two speeds, so that knowing a song again does not tell its stems from those
    /// in another key and tempo. Long songs are drawn more often than short ones, as their windows are more. Songs repeat beyond that only
    /// when the batch is larger than the corpus.
    /// </summary>
    public Choice[] Choose(long step, int batch)
    {
        Random random = RandomOf(step, FirstOfBatch);
        int[] order = [.. Enumerable.Range(0, audio.Songs.Count).OrderBy(song => -Math.Log(1 - random.NextDouble()) / audio.Length(song))];
        return [.. Enumerable.Range(0, batch).Select(place =>
        {
            int pair = place / SpeedsOfSong;
            int[] semitones = Shuffled(RandomOf(step, FirstOfPairs + pair), -settings.VarispeedSemitones, 2 * settings.VarispeedSemitones + 1);
            return new Choice(order[pair % order.Length], semitones[place % SpeedsOfSong % semitones.Length]);
        })];
    }

    private static int[] Shuffled(Random random, int first, int count)
    {
        int[] numbers = [.. Enumerable.Range(first, count)];
        random.Shuffle(numbers);
        return numbers;
    }

    /// <summary>
    /// Draws up to ten windows of a choice until one has at least two active stems, among them <paramref name="required"/> if it is given;
    /// returns the last one drawn when none has.
    /// </summary>
    public Window Draw(Choice choice, Random random, int? required)
    {
        for (int attempt = 1; ; attempt++)
        {
            (int song, int rate) = (choice.Song, SourceRate(choice.Semitones));
            int needed = (int)Math.Ceiling((double)Samples * rate / FrontEndSettings.SampleRate);
            int start = random.Next(Math.Max(1, audio.Length(song) - needed + 1));
            Window window = Read(song, start, needed, rate);
            bool suits = window.ActiveCount >= 2 && (required is not { } stem || window.Active[stem]);
            if (!suits && attempt < Tries)
                continue;
            foreach (float[] samples in window.Stems)
            {
                double decibels = (2 * random.NextDouble() - 1) * settings.GainDecibels;
                TensorPrimitives.Multiply(samples, (float)Math.Pow(10, decibels / 20), samples);
            }
            return window;
        }
    }

    /// <summary>
    /// The rate that a window's samples are taken to have: another than 16 kHz plays the song faster and higher, or slower and lower. In steps
    /// of 250 Hz, within 0.2 semitones, because such ratios resample fastest.
    /// </summary>
    private static int SourceRate(int semitones) => RateStep * (int)Math.Round(FrontEndSettings.SampleRate / (double)RateStep * Math.Pow(2, semitones / 12.0));

    private Window Read(int song, int start, int needed, int rate)
    {
        var stems = new float[CorpusAudio.Stems][];
        var active = new bool[CorpusAudio.Stems];
        for (int stem = 0; stem < stems.Length; stem++)
        {
            var source = new float[needed];
            audio.Read(song, stem, start, source);
            active[stem] = Math.Abs(TensorPrimitives.MaxMagnitude<float>(source)) > settings.ActivePeak;
            stems[stem] = !active[stem] ? new float[Samples] : rate == FrontEndSettings.SampleRate ? source : Resampler.Resample(source, rate, FrontEndSettings.SampleRate)[..Samples];
        }
        return new Window(stems, active);
    }
}
