using System.Buffers;
using System.Threading.Channels;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Training;

/// <summary>Makes the batch of any step from the seed and the step's number alone. Thread-safe.</summary>
internal sealed class BatchBuilder(CorpusAudio audio, TrainingSettings settings, LogMelSpectrogram frontEnd)
{
    private const double LongSeconds = 8;
    private const int Bands = FrontEndSettings.MelBands, TwoKindsEvery = 4;

    private readonly RecordingEffects _effects = new(settings);
    private readonly Clipping _clipping = new(settings);
    private readonly Room _room = new(settings, frontEnd.Settings);
    private readonly Equaliser _equaliser = new(settings, frontEnd.Settings);
    private readonly Windows _contrastiveWindows = new(audio, settings, settings.ContrastiveWindowSeconds);
    private readonly Windows[] _jepaWindows =
        [.. (settings.JepaWindowChoices ?? [settings.JepaWindowSeconds]).Select(seconds => new Windows(audio, settings, seconds))];
    private readonly Windows _longWindows = new(audio, settings, LongSeconds);
    private readonly Schedule _schedule = new(settings);
    private readonly FamilyTargets _families = new(audio, settings);

    public Batch Build(long step) => _schedule.IsContrastive(step) ? BuildContrastive(step) : BuildJepa(step);

    private ContrastiveBatch BuildContrastive(long step)
    {
        Windows windows = _contrastiveWindows;
        int count = settings.ContrastiveBatch, frames = windows.Frames;
        const int mixView = CorpusAudio.Stems;
        float[] logMels = Rent((mixView + 1) * count, frames);
        var active = new bool[(mixView + 1) * count];
        var inMix = new bool[CorpusAudio.Stems * count];
        Windows.Window window = windows.CreateBuffer();
        var scratch = new float[Bands * LogMelSpectrogram.FrameCount(windows.Samples)];
        Windows.Choice[] choices = windows.Choose(step, count);
        var repeats = new Repeats(settings, choices, frames);
        for (int i = 0; i < count; i++)
        {
            Random random = windows.RandomOf(step, i);
            windows.Draw(window, choices[i], random, required: null);
            int[] stems = ActiveInRandomOrder(window, random);
            for (int stem = 0; stem < CorpusAudio.Stems; stem++)
            {
                active[stem * count + i] = window.Active[stem];
                Put(Single(window, [stem], random), logMels, stem * count + i, scratch, random,
                    window.Active[stem] ? repeats.Target(i, stem) : null);
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
        return new ContrastiveBatch(logMels, frames, count, active, inMix) { Repeats = repeats.OfStems() };
    }

    /// <summary>
    /// Three steps in four have targets of one kind, which only the music distinguishes; every fourth has two stems of each window, which
    /// only the label distinguishes.
    /// </summary>
    private JepaBatch BuildJepa(long step)
    {
        bool isLong = _schedule.IsLong(step);
        Windows windows = isLong ? _longWindows : OfStep(step);
        int pairs = isLong ? settings.JepaLongBatch : PairsOf(windows), frames = windows.Frames;
        bool oneKind = step % TwoKindsEvery != 0;
        int? family = oneKind ? _families.OfBatch(windows.RandomOf(step, Windows.FamilyOfStep)) : null;
        int kind = CorpusAudio.Stems + family ?? (int)((step - step / TwoKindsEvery) % CorpusAudio.Stems);
        int[] stems = [.. Enumerable.Range(0, pairs).Select(place => oneKind ? kind : StemOfPair(place))];
        float[] logMels = Rent(2 * pairs, frames);
        Windows.Window window = windows.CreateBuffer();
        var scratch = new float[Bands * LogMelSpectrogram.FrameCount(windows.Samples)];
        Windows.Choice[] choices = windows.Choose(step, pairs, twice: !oneKind, family);
        var repeats = new Repeats(settings, choices, frames);
        var shifts = new int[pairs];
        var targets = new int[pairs][];
        TimeFeatures? features = settings.PitchClassWeight + settings.OnsetWeight > 0 ? new(pairs, windows.TimePatches) : null;
        for (int i = 0; i < pairs; i++)
        {
            Random random = windows.RandomOf(step, i);
            int shift = shifts[i] = Shift(windows, choices[i], random);
            stems[i] = Draw(windows, window, choices[i], stems[i], oneKind, random, shift);
            IReadOnlyList<int> own = _families.PartsOf(choices[i].Song, stems[i]);
            int[] others = [.. ActiveInRandomOrder(window, random).Except(own)];
            (int[] context, targets[i]) = ContextAndTarget(window, others, stems[i], random);
            Put(windows.Part(window.Mix(context), shift, recording: false), logMels, i, scratch, random);
            ReadOnlySpan<float> target = windows.Part(targets[i].Length == 1 ? Single(window, own, random) : window.Mix(targets[i]), shift,
                recording: true);
            Put(target, logMels, pairs + i, scratch, random, repeats.Target(i));
            features?.Put(i, target);
        }
        return new JepaBatch(logMels, frames, stems)
        {
            Shifts = settings.ShiftPatches > 0 ? shifts : null,
            Labels = settings.SubmixShare > 0 ? [.. targets.SelectMany(Label)] : null,
            Repeats = repeats.OfTargets(targets),
            Features = features,
        };
    }

    /// <summary>
    /// Draws the window of a pair. A family that does not sound in it, or in a batch of several kinds is all of its roles there, gives way
    /// to a role.
    /// </summary>
    /// <returns>The label of the target.</returns>
    private int Draw(Windows windows, Windows.Window window, Windows.Choice choice, int stem, bool oneKind, Random random, int shift)
    {
        int label = oneKind ? stem : _families.OfPair(choice.Song, stem, random);
        bool suits = windows.Draw(window, choice, random, label, shift);
        if (label < CorpusAudio.Stems || suits && (oneKind || window.Active[Windows.LeftOfRoles]))
            return label;
        int role = oneKind ? _families.RoleOf(choice.Song, label) : stem;
        windows.Draw(window, choice, random, role, shift);
        return role;
    }

    /// <summary>One length of windows for each step.</summary>
    private Windows OfStep(long step) => _jepaWindows.Length == 1 ? _jepaWindows[0]
        : _jepaWindows[_jepaWindows[0].RandomOf(step, Windows.WholeStep).Next(_jepaWindows.Length)];

    /// <summary>As many pairs that pairs x seconds stay about the same; an even number, for the pairs of places.</summary>
    private int PairsOf(Windows windows) => settings.JepaWindowChoices is null ? settings.JepaBatch
        : Math.Max(2, 2 * (int)Math.Round(settings.JepaBatch * settings.JepaWindowSeconds * FrontEndSettings.SampleRate
            / windows.Samples / 2));

    /// <summary>By how many patches the recording's window begins later. Without shifts, nothing is drawn.</summary>
    private int Shift(Windows windows, Windows.Choice choice, Random random)
    {
        int most = Math.Min(settings.ShiftPatches, windows.TimePatches / 2);
        int shift = most == 0 ? 0 : random.Next(-most, most + 1);
        return windows.Fits(choice, shift) ? shift : 0;
    }

    /// <summary>
    /// The stems of context and target. In the share of pairs that the settings give, the target has each stem that the context does not
    /// take with one chance in two, beside its own. Without submixes, nothing more is drawn. The context of a family has what is left of
    /// its roles with one chance in two, and where nothing else sounds.
    /// </summary>
    private (int[] Context, int[] Target) ContextAndTarget(Windows.Window window, int[] others, int stem, Random random)
    {
        if (stem >= CorpusAudio.Stems)
        {
            int[] roles = Context(others, random);
            bool takesRest = random.Next(2) == 0 || roles.Length == 0;
            return (takesRest && window.Active[Windows.LeftOfRoles] ? [.. roles, Windows.LeftOfRoles] : roles, [stem]);
        }
        if (settings.SubmixShare == 0 || others.Length == 0 || random.NextDouble() >= settings.SubmixShare)
            return (Context(others, random), [stem]);
        int[] context = AnyOf(others, random);
        return (context, [stem, .. others.Except(context).Where(_ => random.Next(2) == 0)]);
    }

    /// <summary>Weights of the stems' vectors: their mean.</summary>
    private float[] Label(int[] stems) =>
        [.. Enumerable.Range(0, settings.Labels).Select(stem => stems.Contains(stem) ? 1f / stems.Length : 0)];

    /// <summary>Rents a buffer for log-mels, zeroed; a batch returns it to the pool.</summary>
    private static float[] Rent(int rows, int frames)
    {
        float[] logMels = ArrayPool<float>.Shared.Rent(rows * Bands * frames);
        Array.Clear(logMels);
        return logMels;
    }

    private static int[] ActiveInRandomOrder(Windows.Window window, Random random)
    {
        int[] stems = [.. window.ActiveRoles];
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
    /// All other stems in the share of contexts that the settings give; else uniform over the non-empty subsets, as the paper draws a
    /// context. Empty only when there is nothing to draw from.
    /// </summary>
    private int[] Context(int[] stems, Random random)
    {
        if (stems.Length == 0 || random.NextDouble() < settings.FullContextShare)
            return stems;
        return AnyOf(stems, random);
    }

    /// <summary>Uniform over the non-empty subsets.</summary>
    private static int[] AnyOf(int[] stems, Random random)
    {
        int bits = random.Next(1, 1 << stems.Length);
        return [.. stems.Where((_, index) => (bits >> index & 1) != 0)];
    }

    /// <summary>
    /// One stem of a window, perhaps with bleed of the others, which are those that it is no part of: the first of <paramref name="own"/>.
    /// </summary>
    private ReadOnlySpan<float> Single(Windows.Window window, IReadOnlyList<int> own, Random random)
    {
        ReadOnlySpan<float> alone = window.Mix(own[0]);
        if (settings.BleedShare == 0 || random.NextDouble() >= settings.BleedShare)
            return alone;
        float[] leaky = alone.ToArray();
        float[][] others = [.. Enumerable.Range(0, window.Active.Length).Where(other => !own.Contains(other) && window.Active[other])
            .Select(other => window.Mix(other).ToArray())];
        Interference.Bleed(leaky, others, random);
        return leaky;
    }

    /// <summary>
    /// Computes a row's log-mel with its recording conditions; <paramref name="clean"/>, if given, takes it without them.
    /// </summary>
    private void Put(ReadOnlySpan<float> samples, float[] logMels, int row, float[] scratch, Random random, float[]? clean = null)
    {
        int frames = scratch.Length / Bands - 1;
        Span<float> destination = logMels.AsSpan(row * Bands * frames, Bands * frames);
        ReadOnlySpan<float> recorded = _clipping.Apply(_effects.Apply(samples, random), random);
        if (clean is not null)
            LogMel(samples, scratch, clean);
        if (clean is null || recorded != samples)
            LogMel(recorded, scratch, destination);
        else
            clean.CopyTo(destination);
        _room.Apply(destination, random);
        _equaliser.Apply(destination, random);
    }

    private void LogMel(ReadOnlySpan<float> samples, float[] scratch, Span<float> destination)
    {
        frontEnd.Compute(samples, scratch);
        int computed = scratch.Length / Bands, frames = computed - 1;
        for (int band = 0; band < Bands; band++)
            scratch.AsSpan(band * computed, frames).CopyTo(destination[(band * frames)..]);
    }
}

/// <summary>Builds the batches of the coming steps on a background thread, one or two ahead of the training loop.</summary>
internal sealed class BatchQueue : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Batch> _ready = Channel.CreateBounded<Batch>(1);
    private readonly Task _producer;

    public BatchQueue(BatchBuilder builder, long firstStep, long endStep)
    {
        _producer = Task.Run(async () =>
        {
            try
            {
                for (long step = firstStep; step < endStep; step++)
                    await _ready.Writer.WriteAsync(builder.Build(step), _stop.Token);
                _ready.Writer.Complete();
            }
            catch (Exception error)
            {
                _ready.Writer.TryComplete(error);
            }
        });
    }

    /// <summary>The next step's batch.</summary>
    public Batch Next() => _ready.Reader.ReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult();

    public void Dispose()
    {
        _stop.Cancel();
        _producer.Wait();
        _stop.Dispose();
    }
}
