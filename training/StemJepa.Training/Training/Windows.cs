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
    private const int PatchSamples = FrontEndSettings.PatchFrames * FrontEndSettings.Hop;
    private const int FewestGroups = 24;
    private const int FirstOfBatch = 1 << 15, FirstOfPairs = FirstOfBatch + 1;

    /// <summary>The places of a step's random numbers that belong to no row of its batch.</summary>
    public const int WholeStep = FirstOfBatch - 1, FamilyOfStep = WholeStep - 1, GenreOfStep = FamilyOfStep - 1,
        TempoOfStep = GenreOfStep - 1;

    /// <summary>A window's own stems after those of the roles: the family that is asked for, and what its roles are without it.</summary>
    public const int Family = CorpusAudio.Stems, LeftOfRoles = Family + 1;

    /// <summary>Each song with its variants.</summary>
    private readonly int[][] _groups = Groups(audio);

    /// <summary>Those groups by genre, of genres that have enough to fill a batch; empty unless batches of one are drawn.</summary>
    private readonly Lazy<int[][][]> _genres = new(() => settings.GenreShare == 0 ? [] :
        [.. Groups(audio).GroupBy(group => audio.GenreOf(group[0])).Where(genre => genre.Key is not null)
            .Select(genre => genre.ToArray()).Where(genre => genre.Length >= FewestGroups)]);

    /// <summary>
    /// A song, the semitones by which all its stems are played faster and higher, and where its window starts if two stems play there: 0..1
    /// of the song; else it starts anywhere in a zone, which may go over the end and on from the start.
    /// </summary>
    internal readonly record struct Choice(int Song, int Semitones, double Place, double ZoneStart = 0, double ZoneWidth = 1);

    public int Samples { get; } = (int)Math.Round(seconds * FrontEndSettings.SampleRate);

    /// <summary>Whole frames of a window; the front end gives one more, centred on its end.</summary>
    public int Frames => Samples / FrontEndSettings.Hop;

    /// <summary>Creates the buffer that <see cref="Draw"/> fills.</summary>
    public Window CreateBuffer() =>
        new(Longest, Samples + settings.ShiftPatches * PatchSamples, settings.FamilyShare > 0 ? LeftOfRoles + 1 : CorpusAudio.Stems);

    /// <summary>Time patches of a window.</summary>
    public int TimePatches => Frames / FrontEndSettings.PatchFrames;

    /// <summary>Source samples of the longest window that can be drawn.</summary>
    private int Longest => SourceSamples(Varispeed.RateOf(settings.VarispeedSemitones), settings.ShiftPatches);

    /// <summary>
    /// A window's four stems, after random gains, at the rate that they are taken to have, and which of them are active; and a family of
    /// instruments with what is left of its roles, if it is asked for.
    /// </summary>
    internal sealed class Window(int longest, int samples, int stems)
    {
        private readonly float[] _sum = new float[longest], _mixed = new float[samples];

        public float[][] Stems { get; } = [.. Enumerable.Range(0, stems).Select(_ => new float[longest])];

        public bool[] Active { get; } = new bool[LeftOfRoles + 1];

        public int Rate { get; set; }

        /// <summary>Samples of each stem.</summary>
        public int Length { get; set; }

        /// <summary>Samples of a mix, at 16 kHz: those of a window, and of the shift.</summary>
        public int MixLength { get; set; }

        /// <summary>The active stems among the four.</summary>
        public IEnumerable<int> ActiveRoles => Enumerable.Range(0, CorpusAudio.Stems).Where(stem => Active[stem]);

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
            Span<float> mixed = _mixed.AsSpan(0, MixLength);
            int written = resampler.Process(source, mixed, out _);
            if (written < mixed.Length)
                resampler.Flush(mixed[written..]);
            return mixed;
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
    /// their windows are more. Songs repeat beyond that only when the batch is larger than the corpus. With several
    /// places per song, a song has as many pairs as it has room for, up to that, of places at least a window apart. With a family of
    /// instruments, only songs that have it are drawn; without one, in the shares that the settings give only songs of one genre, and songs
    /// at one tempo.
    /// </summary>
    public Choice[] Choose(long step, int batch, bool twice = false, int? family = null)
    {
        Random random = RandomOf(step, FirstOfBatch);
        IEnumerable<int[]> groups = family is not { } wanted ? Genre(step) ?? _groups
            : Keep(_groups, song => audio.HasFamily(song, wanted));
        double? tempo = null;
        if (family is null && Tempo(step) is { } same)
        {
            int[][] able = [.. Keep(groups, song => SemitonesTo(same, song) is not null)];
            if (able.Length >= FewestGroups)
                (groups, tempo) = (able, same);
        }
        int[][] order = [.. groups.OrderBy(songs => -Math.Log(1 - random.NextDouble()) / songs.Average(audio.Length))];
        if (settings.PlacesPerSong is > 1 and var places)
            return [.. Enumerable.Range(0, batch)
                .SelectMany(song => PairsOf(order[song % order.Length], RandomOf(step, FirstOfPairs + song), twice, tempo, places))
                .Take(batch)];
        return [.. Enumerable.Range(0, (batch + 1) / WindowsOfPair)
            .SelectMany(pair => Pair(order[pair % order.Length], RandomOf(step, FirstOfPairs + pair), twice, tempo)).Take(batch)];
    }

    private static IEnumerable<int[]> Keep(IEnumerable<int[]> groups, Func<int, bool> suits) =>
        groups.Select(songs => songs.Where(suits).ToArray()).Where(songs => songs.Length > 0);

    private static int[][] Groups(CorpusAudio audio) =>
        [.. Enumerable.Range(0, audio.Songs.Count).GroupBy(song => audio.Songs[song].Original).Select(group => group.ToArray())];

    /// <summary>The songs of the step's genre, drawn by how many it has; null in steps without one.</summary>
    private int[][]? Genre(long step)
    {
        if (settings.GenreShare == 0 || _genres.Value.Length == 0)
            return null;
        Random random = RandomOf(step, GenreOfStep);
        return random.NextDouble() >= settings.GenreShare ? null
            : random.Pick([.. _genres.Value.Select(genre => (genre, (double)genre.Length))]);
    }

    /// <summary>The tempo of the step's songs, that of any of them; null in steps without one.</summary>
    private double? Tempo(long step)
    {
        if (settings.TempoShare == 0)
            return null;
        Random random = RandomOf(step, TempoOfStep);
        return random.NextDouble() >= settings.TempoShare ? null : audio.TempoOf(random.Next(audio.Songs.Count));
    }

    /// <summary>
    /// The semitones by which a song is played faster to come to a tempo, or to half or twice of it, within half a semitone; null if it
    /// cannot.
    /// </summary>
    private int? SemitonesTo(double tempo, int song)
    {
        if (audio.TempoOf(song) is not { } own)
            return null;
        double octaves = Math.Log2(tempo / own);
        int semitones = (int)Math.Round(12 * (octaves - Math.Round(octaves)));
        return Math.Abs(semitones) <= settings.VarispeedSemitones ? semitones : null;
    }

    /// <summary>
    /// Pairs of one song at several places: the song is cut, as a ring from a random point, into zones of equal length, with two windows
    /// left out at the end of each, so that whatever is drawn in two zones is at least one window apart.
    /// </summary>
    private IEnumerable<Choice> PairsOf(int[] variants, Random random, bool twice, double? tempo, int places)
    {
        Choice[] pair = Pair(variants, random, twice, tempo);
        double gap = 2.0 * Longest / Math.Max(1, variants.Min(audio.Length) - Longest);
        int count = Math.Clamp((int)(1 / gap), 1, places);
        if (count == 1)
            return pair;
        double origin = random.NextDouble(), width = 1.0 / count - gap;
        return Enumerable.Range(0, count).SelectMany(zone =>
        {
            double start = origin + (double)zone / count, place = Fraction(start + width * random.NextDouble());
            return pair.Select(choice => choice with { Place = place, ZoneStart = start, ZoneWidth = width });
        });
    }

    private static double Fraction(double value) => value - Math.Floor(value);

    private Choice[] Pair(int[] variants, Random random, bool twice, double? tempo)
    {
        int[] songs = [.. variants], semitones = [.. Enumerable.Range(-settings.VarispeedSemitones, 2 * settings.VarispeedSemitones + 1)];
        random.Shuffle(songs);
        random.Shuffle(semitones);
        double place = random.NextDouble();
        var first = new Choice(songs[0], At(songs[0]), place);
        return [first, twice ? first : songs.Length > 1 ? first with { Song = songs[1], Semitones = At(songs[1]) }
            : first with { Semitones = semitones.Except([first.Semitones]).FirstOrDefault(first.Semitones) }];

        int At(int song) => tempo is { } same ? SemitonesTo(same, song) ?? semitones[0] : semitones[0];
    }

    /// <summary>
    /// Draws up to ten windows of a choice, the first one at its place, until one has at least two active stems, among them
    /// <paramref name="required"/> if it is given; keeps the last one drawn when none has. With a shift the window is so many patches
    /// longer, for two windows that begin so many patches apart; a stem must be active in what they share. A family of instruments (its
    /// index after those of the four stems) needs something beside it.
    /// </summary>
    /// <returns>Whether the window has what it needs.</returns>
    public bool Draw(Window window, Choice choice, Random random, int? required, int shift = 0)
    {
        int rate = Varispeed.RateOf(choice.Semitones), longer = Math.Abs(shift);
        int? family = required - CorpusAudio.Stems is >= 0 and var index ? index : null;
        (window.Rate, window.Length, window.MixLength) = (rate, SourceSamples(rate, longer), Samples + longer * PatchSamples);
        bool suits = false;
        int[] offsets = Offsets(random, rate);
        for (int attempt = 1; !suits && attempt <= Tries; attempt++)
        {
            double place = attempt == 1 ? choice.Place : Fraction(choice.ZoneStart + choice.ZoneWidth * random.NextDouble());
            Read(window, choice.Song, family, (int)(place * Math.Max(1, audio.Length(choice.Song) - window.Length + 1)), longer, offsets);
            suits = family is { } wanted ? window.Active[Family] && (window.Active[LeftOfRoles]
                    || window.ActiveRoles.Except(audio.RolesOf(choice.Song, wanted)).Any())
                : window.ActiveRoles.Count() >= 2 && (required is not { } stem || window.Active[stem]);
        }
        bool isMerged = IsDrawn(settings.MergedShare), isAlone = IsDrawn(settings.LoneBassShare);
        if (family is null && (isMerged || isAlone))
            Merge(window, required, isAlone);
        foreach (float[] samples in family is null ? window.Stems.Take(CorpusAudio.Stems) : window.Stems)
        {
            double decibels = (2 * random.NextDouble() - 1) * settings.GainDecibels;
            Span<float> active = samples.AsSpan(0, window.Length);
            TensorPrimitives.Multiply(active, (float)Math.Pow(10, decibels / 20), active);
        }
        return suits;

        bool IsDrawn(double share) => share > 0 && random.NextDouble() < share;
    }

    /// <summary>
    /// Whether a song is long enough for two windows that begin so many patches apart; in a shorter one they begin together.
    /// </summary>
    public bool Fits(Choice choice, int shift) =>
        audio.Length(choice.Song) >= SourceSamples(Varispeed.RateOf(choice.Semitones), Math.Abs(shift));

    /// <summary>The context's or the recording's part of a mix that was drawn with a shift.</summary>
    public ReadOnlySpan<float> Part(ReadOnlySpan<float> mix, int shift, bool recording) =>
        mix.Slice(Math.Max(0, recording ? shift : -shift) * PatchSamples, Samples);

    private int SourceSamples(int rate, int longer = 0) =>
        (int)Math.Ceiling((double)(Samples + longer * PatchSamples) * rate / FrontEndSettings.SampleRate);

    /// <summary>By how many samples each stem is read late or early; without offsets, nothing is drawn.</summary>
    private int[] Offsets(Random random, int rate) => [.. Enumerable.Range(0, CorpusAudio.Stems).Select(_ => settings.OffsetSeconds == 0 ? 0
        : (int)Math.Round((2 * random.NextDouble() - 1) * settings.OffsetSeconds * rate))];

    /// <summary>
    /// Makes the bass part of other, or all of it, as in songs that have no bass by itself, unless it is asked for or nothing is left
    /// beside them.
    /// </summary>
    private static void Merge(Window window, int? required, bool isAlone)
    {
        int bass = Stem.Bass.Role, other = Stem.Other.Role;
        if (required == bass || !window.Active[bass] || !window.ActiveRoles.Except([bass, other]).Any())
            return;
        Span<float> source = window.Stems[bass].AsSpan(0, window.Length), target = window.Stems[other].AsSpan(0, window.Length);
        if (isAlone)
            target.Clear();
        TensorPrimitives.Add(target, source, target);
        source.Clear();
        (window.Active[bass], window.Active[other]) = (false, true);
    }

    private void Read(Window window, int song, int? family, int start, int longer, int[] offsets)
    {
        int apart = (int)((long)longer * PatchSamples * window.Rate / FrontEndSettings.SampleRate);
        for (int stem = 0; stem < CorpusAudio.Stems; stem++)
        {
            audio.Read(song, stem, Math.Max(0, start + offsets[stem]), window.Stems[stem].AsSpan(0, window.Length));
            Judge(window, stem, apart);
        }
        window.Active[Family] = window.Active[LeftOfRoles] = false;
        if (family is not { } wanted)
            return;
        audio.ReadFamily(song, wanted, Math.Max(0, start + offsets[Stem.Other.Role]), window.Stems[Family].AsSpan(0, window.Length),
            window.Stems[LeftOfRoles].AsSpan(0, window.Length));
        Judge(window, Family, apart);
        Judge(window, LeftOfRoles, apart);
    }

    /// <summary>Whether a stem is active; silences it if it is not.</summary>
    private void Judge(Window window, int stem, int apart)
    {
        Span<float> source = window.Stems[stem].AsSpan(0, window.Length);
        window.Active[stem] = Math.Abs(TensorPrimitives.MaxMagnitude<float>(source[apart..^apart])) > settings.ActivePeak;
        if (!window.Active[stem])
            source.Clear();
    }
}
