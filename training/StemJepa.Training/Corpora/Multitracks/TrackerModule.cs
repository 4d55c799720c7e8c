using System.Runtime.InteropServices;
using static StemJepa.Training.Corpora.OpenMptLibrary;

namespace StemJepa.Training.Corpora;

/// <summary>
/// A tracker module that libopenmpt plays: its instruments (or samples, where a module has no instruments) one at a time, whose sum is
/// the mix. Every rendering has a player of its
/// own. Thread-safe.
/// </summary>
internal unsafe class TrackerModule
{
    /// <summary>Samples per second of what <see cref="Render"/> returns.</summary>
    public const int OutputRate = 16_000;

    private const int SynthesisRate = 48_000, BlockFrames = 4096, HighestNote = 120;
    private readonly byte[] _bytes;
    private readonly string _name;

    /// <summary>Reads a module's instruments and notes; <paramref name="name"/> is what errors call it.</summary>
    /// <exception cref="StemJepaException">libopenmpt cannot read it.</exception>
    public TrackerModule(byte[] bytes, string name)
    {
        (_bytes, _name) = (bytes, name);
        using var player = new Player(this);
        nint module = player.Module;
        Seconds = OpenMptLibrary.Seconds(module);
        int instruments = Instruments(module), count = instruments > 0 ? instruments : Samples(module);
        Names = [.. Enumerable.Range(0, count).Select(i => Text(instruments > 0 ? InstrumentName(module, i) : SampleName(module, i)))];
        Uses = ReadUses(module, count);
    }

    /// <summary>Length in seconds of its first song.</summary>
    public double Seconds { get; }

    /// <summary>Names of the instruments; many are empty or part of a greeting.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How each instrument is used in the patterns.</summary>
    public IReadOnlyList<VoiceUse> Uses { get; }

    /// <summary>Renders what the instruments that <paramref name="plays"/> accepts play, to mono samples at 16 kHz.</summary>
    /// <param name="plays">Which of the instruments are not muted.</param>
    /// <param name="semitones">How much higher than written.</param>
    /// <param name="tempo">How many times faster than written.</param>
    /// <param name="longest">Most seconds.</param>
    /// <param name="cancel">Stops it.</param>
    public float[] Render(Func<int, bool> plays, double semitones, double tempo, double longest, CancellationToken cancel)
    {
        using var player = new Player(this);
        for (int i = 0; i < Names.Count; i++)
            if (!plays(i)) Check(player.Controls.SetInstrumentMute(player.Extended, i, 1));
        if (semitones != 0) Check(player.Controls.SetPitchFactor(player.Extended, Math.Pow(2, semitones / 12)));
        if (tempo != 1) Check(player.Controls.SetTempoFactor(player.Extended, tempo));
        int most = (int)(longest * SynthesisRate);
        var samples = new List<float>((int)Math.Min(most, Seconds / tempo * SynthesisRate) + BlockFrames);
        float* block = stackalloc float[BlockFrames];
        while (samples.Count < most)
        {
            cancel.ThrowIfCancellationRequested();
            int read = (int)Read(player.Module, SynthesisRate, (nuint)Math.Min(BlockFrames, most - samples.Count), block);
            if (read == 0) break;
            samples.AddRange(new ReadOnlySpan<float>(block, read));
        }
        return samples.Count == 0 ? [] : Resampler.Resample(CollectionsMarshal.AsSpan(samples), SynthesisRate, OutputRate);
    }

    private void Check(int succeeded)
    {
        if (succeeded == 0) throw new StemJepaException($"{_name}: libopenmpt cannot mute, transpose or speed up an instrument of " +
            $"it; version 0.6 or later is needed.");
    }

    /// <summary>A note sounds until the next one in its channel; channels that double a pitch are one voice.</summary>
    private static VoiceUse[] ReadUses(nint module, int count)
    {
        var notes = new int[count];
        var pitches = Enumerable.Range(0, count).Select(_ => new HashSet<int>()).ToArray();
        var (single, sounding) = (new long[count], new long[count]);
        int channels = Channels(module), orders = Orders(module);
        var (playing, pitch) = (new int[channels], new int[channels]);
        Array.Fill(playing, -1);
        var voices = new int[count];
        for (int order = 0; order < orders; order++)
        {
            int pattern = PatternAt(module, order), rows = Rows(module, pattern);
            for (int row = 0; row < rows; row++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    int note = Command(module, pattern, row, channel, 0), instrument = Command(module, pattern, row, channel, 1) - 1;
                    if (note == 0) continue;
                    if (note > HighestNote) playing[channel] = -1;
                    else
                    {
                        if (instrument >= 0) playing[channel] = instrument < count ? instrument : -1;
                        if (playing[channel] is not (>= 0 and var sounds)) continue;
                        notes[sounds]++;
                        pitches[sounds].Add(pitch[channel] = note);
                    }
                }
                Array.Clear(voices);
                foreach ((int sounds, int _) in playing.Zip(pitch).Distinct())
                    if (sounds >= 0) voices[sounds]++;
                for (int i = 0; i < count; i++)
                {
                    if (voices[i] > 0) sounding[i]++;
                    if (voices[i] == 1) single[i]++;
                }
            }
        }
        return [.. Enumerable.Range(0, count).Select(i => new VoiceUse(notes[i], pitches[i].Count, sounding[i] == 0 ? 1
            : (double)single[i] / sounding[i]))];
    }

    private static string Text(nint text)
    {
        string value = Marshal.PtrToStringUTF8(text) ?? "";
        Free(text);
        return value.Trim();
    }

    private sealed class Player : IDisposable
    {
        private readonly GCHandle _pinned;

        public Player(TrackerModule owner)
        {
            _pinned = GCHandle.Alloc(owner._bytes, GCHandleType.Pinned);
            Extended = Create((byte*)_pinned.AddrOfPinnedObject(), (nuint)owner._bytes.Length, &Silent, 0, 0, 0, null, 0, 0);
            Interactive controls = default;
            if (Extended == 0 || GetInterface(Extended, "interactive", &controls, (nuint)sizeof(Interactive)) == 0)
            {
                Dispose();
                throw new StemJepaException($"{owner._name}: libopenmpt cannot read it; a tracker module (mod, s3m, xm, it) is needed.");
            }
            Controls = controls;
            Module = ModuleOf(Extended);
        }

        public nint Extended { get; private set; }

        public nint Module { get; }

        public Interactive Controls { get; }

        public void Dispose()
        {
            if (Extended != 0) Destroy(Extended);
            Extended = 0;
            if (_pinned.IsAllocated) _pinned.Free();
        }
    }
}
