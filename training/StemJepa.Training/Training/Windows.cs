using System.Numerics.Tensors;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Training;

/// <summary>
/// Draws windows of songs in which at least two stems are active (paper, section 3.2). Every draw is a function of the seed, the step and
/// its place in the batch, so a resumed run sees the same windows. Thread-safe.
/// </summary>
internal sealed class Windows(CorpusAudio audio, TrainingSettings settings, double seconds)
{
    private const int Tries = 10, WindowsOfPair = 2;
    private const int FirstOfBatch = 1 << 15, FirstOfPairs = FirstOfBatch + 1;

    /// <summary>Each song with its variants.</summary>
    private readonly int[][] _families =
        [.. Enumerable.Range(0, audio.Songs.Count).GroupBy(song => audio.Songs[song].Original).Select(group => group.ToArray())];

    /// <summary>
    /// A song, the semitones by which all its stems are played faster and higher, and where its window starts if two stems play there: 0..1
    /// of the song.
    /// </summary>
    internal readonly record struct Choice(int Song, int Semitones, double Place);

    public int Samples { get; } = (int)Math.Round(seconds * FrontEndSettings.SampleRate);

    /// <summary>Whole frames of a window; the front end gives one more, centred on its end.</summary>
    public int Frames => Samples / FrontEndSettings.Hop;

    /// <summary>Creates the buffer that <see cref="Draw"/> fills.</summary>
    public Window CreateBuffer() => new(SourceSamples(Varispeed.RateOf(settings.VarispeedSemitones)), Samples);

    /// <summary>A window's four stems, after random gains, at the rate that they are taken to have, and which of them are active.</summary>
    internal sealed class Window(int longest, int samples)
    {
        private readonly float[] _sum = new float[longest], _mixed = new float[samples];

        public float[][] Stems { get; } = [.. Enumerable.Range(0, CorpusAudio.Stems).Select(_ => new float[longest])];

        public bool[] Active { get; } = new bool[CorpusAudio.Stems];

        public int Rate { get; set; }

        /// <summary>Samples of each stem.</summary>
        public int Length { get; set; }

        public int ActiveCount => Active.Count(active => active);

        /// <summary>The sum of some stems at 16 kHz; valid until the next call.</summary>
        public ReadOnlySpan<float> Mix(params IReadOnlyList<int> stems)
        {
            Span<float> source = _sum.AsSpan(0, Length);
            source.Clear();
            foreach (int stem in stems)
                TensorPrimitives.Add(source, Stems[stem].AsSpan(0, Length), source);
            if (Rate == FrontEndSettings.SampleRate)
                return source;
            var resampler = new Resampler(Rate, FrontEndSettings.SampleRate);
            int written = resampler.Process(source, _mixed, out _);
            if (written < _mixed.Length)
                resampler.Flush(_mixed.AsSpan(written));
            return _mixed;
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
    /// The songs of a step's batch, in pairs of one place in the music, so that recognising a song, or its sounds, does not distinguish its
    /// stems from those in another key or tempo: the song and a variant of it, or the song at two speeds if it has none. With
    /// <paramref name="twice"/> a pair is the same window twice, for two stems of it. Long songs are drawn more often than short ones, as
    /// their windows are more. Songs repeat beyond that only when the batch is larger than the corpus.
    /// </summary>
    public Choice[] Choose(long step, int batch, bool twice = false)
    {
        Random random = RandomOf(step, FirstOfBatch);
        int[][] order = [.. _families.OrderBy(family => -Math.Log(1 - random.NextDouble()) / family.Average(audio.Length))];
        return [.. Enumerable.Range(0, (batch + 1) / WindowsOfPair)
            .SelectMany(pair => Pair(order[pair % order.Length], RandomOf(step, FirstOfPairs + pair), twice)).Take(batch)];
    }

    private Choice[] Pair(int[] family, Random random, bool twice)
    {
        int[] songs = [.. family], semitones = [.. Enumerable.Range(-settings.VarispeedSemitones, 2 * settings.VarispeedSemitones + 1)];
        random.Shuffle(songs);
        random.Shuffle(semitones);
        double place = random.NextDouble();
        var first = new Choice(songs[0], semitones[0], place);
        return [first, twice ? first : songs.Length > 1 ? first with { Song = songs[1] }
            : first with { Semitones = semitones[1 % semitones.Length] }];
    }

    /// <summary>
    /// Draws up to ten windows of a choice, the first one at its place, until one has at least two active stems, among them
    /// <paramref name="required"/> if it is given; keeps the last one drawn when none has.
    /// </summary>
    public void Draw(Window window, Choice choice, Random random, int? required)
    {
        (window.Rate, window.Length) = (Varispeed.RateOf(choice.Semitones), SourceSamples(Varispeed.RateOf(choice.Semitones)));
        for (int attempt = 1; ; attempt++)
        {
            double place = attempt == 1 ? choice.Place : random.NextDouble();
            Read(window, choice.Song, (int)(place * Math.Max(1, audio.Length(choice.Song) - window.Length + 1)));
            bool suits = window.ActiveCount >= 2 && (required is not { } stem || window.Active[stem]);
            if (suits || attempt == Tries)
                break;
        }
        foreach (float[] samples in window.Stems)
        {
            double decibels = (2 * random.NextDouble() - 1) * settings.GainDecibels;
            Span<float> active = samples.AsSpan(0, window.Length);
            TensorPrimitives.Multiply(active, (float)Math.Pow(10, decibels / 20), active);
        }
    }

    private int SourceSamples(int rate) => (int)Math.Ceiling((double)Samples * rate / FrontEndSettings.SampleRate);

    private void Read(Window window, int song, int start)
    {
        for (int stem = 0; stem < CorpusAudio.Stems; stem++)
        {
            Span<float> source = window.Stems[stem].AsSpan(0, window.Length);
            audio.Read(song, stem, start, source);
            window.Active[stem] = Math.Abs(TensorPrimitives.MaxMagnitude<float>(source)) > settings.ActivePeak;
            if (!window.Active[stem])
                source.Clear();
        }
    }
}

/// <summary>Measures the mean and deviation of the log-mels of a corpus, on mixes and single stems as in training.</summary>
internal static class Normalisation
{
    private const int Draws = 200;

    public static FrontEndSettings Measure(CorpusAudio audio, TrainingSettings settings)
    {
        var unscaled = new LogMelSpectrogram(new FrontEndSettings { Mean = 0, StandardDeviation = 1 });
        var windows = new Windows(audio, settings, settings.JepaWindowSeconds);
        Windows.Window window = windows.CreateBuffer();
        double sum = 0, squares = 0;
        long count = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            Random random = windows.RandomOf(-1, draw);
            windows.Draw(window, new Windows.Choice(random.Next(audio.Songs.Count), Semitones: 0, random.NextDouble()), random,
                required: null);
            int[] stems = [.. Enumerable.Range(0, CorpusAudio.Stems)];
            foreach (int[] mixed in stems.Where(stem => window.Active[stem]).Select(stem => new[] { stem }).Append(stems))
            foreach (float value in unscaled.Compute(window.Mix(mixed)))
            {
                sum += value;
                squares += (double)value * value;
                count++;
            }
        }
        double mean = sum / count;
        return new FrontEndSettings { Mean = (float)mean, StandardDeviation = (float)Math.Sqrt(squares / count - mean * mean) };
    }
}
