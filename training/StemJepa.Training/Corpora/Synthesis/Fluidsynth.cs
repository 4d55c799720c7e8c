using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using static StemJepa.Training.Corpora.FluidsynthLibrary;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Renders MIDI with libfluidsynth at 48 kHz, because its oscillators alias at lower rates, and resamples to 16 kHz. The samples are those
/// of the program <c>fluidsynth -n -i -F</c>. Each call creates a synthesiser: a reset would keep the phases of reverb and chorus, so that
/// a song would depend on the songs before it. Thread-safe.
/// </summary>
internal static unsafe class Fluidsynth
{
    /// <summary>Sampling rate of the result of <see cref="Render"/>, in Hz.</summary>
    public const int OutputRate = 16_000;

    /// <summary>Seconds after the last note of an excerpt, for its release and reverb.</summary>
    public const double TailSeconds = 2;

    private const int SynthesisRate = 48_000, BlockFrames = 4096, LogLevels = 5;

    private static readonly ConcurrentDictionary<string, Lazy<nint>> Held = new();

    static Fluidsynth()
    {
        for (int level = 0; level < LogLevels; level++) SetLog(level, 0, 0);
    }

    /// <summary>Renders a MIDI file to mono samples at 16 kHz; <paramref name="name"/> names it in error messages.</summary>
    /// <exception cref="StemJepaException">The soundfont or the file cannot be used.</exception>
    public static float[] Render(
        ReadOnlySpan<byte> midi, string name, SoundFont soundFont, bool reverb, bool chorus, CancellationToken cancel)
    {
        if (soundFont.IsCompressed) _ = Held.GetOrAdd(soundFont.Path, _ => new Lazy<nint>(() => Hold(soundFont))).Value;
        nint settings = NewSettings(), synth = 0, player = 0;
        try
        {
            SetNumber(settings, "synth.sample-rate", SynthesisRate);
            SetInt(settings, "synth.reverb.active", reverb ? 1 : 0);
            SetInt(settings, "synth.chorus.active", chorus ? 1 : 0);
            SetInt(settings, "synth.dynamic-sample-loading", 1);
            SetString(settings, "player.timing-source", "sample");
            synth = NewSynth(settings);
            if (synth == 0 || LoadSoundFont(synth, soundFont.Path, 1) == Failed)
                throw CannotOpen(soundFont);
            player = NewPlayer(synth);
            fixed (byte* bytes = midi)
                if (player == 0 || AddMidi(player, bytes, (nuint)midi.Length) == Failed || Play(player) == Failed)
                    throw new StemJepaException($"{name}: libfluidsynth cannot play it; a Standard MIDI File is needed.");
            List<float> mono = ReadMono(synth, player, cancel);
            return Resampler.Resample(CollectionsMarshal.AsSpan(mono), SynthesisRate, OutputRate);
        }
        finally
        {
            if (player != 0) DeletePlayer(player);
            if (synth != 0) DeleteSynth(synth);
            DeleteSettings(settings);
        }
    }

    /// <summary>Decompresses the samples of a soundfont into libfluidsynth's cache, where they stay until the process ends.</summary>
    private static nint Hold(SoundFont soundFont)
    {
        nint settings = NewSettings(), synth = NewSynth(settings);
        return synth != 0 && LoadSoundFont(synth, soundFont.Path, 1) != Failed ? synth : throw CannotOpen(soundFont);
    }

    private static StemJepaException CannotOpen(SoundFont soundFont) =>
        new($"{soundFont.Path}: libfluidsynth cannot open it; apt-get install {soundFont.Package}, or an intact soundfont is needed.");

    private static List<float> ReadMono(nint synth, nint player, CancellationToken cancel)
    {
        var mono = new List<float>(SynthesisRate * 45);
        float* left = stackalloc float[BlockFrames], right = stackalloc float[BlockFrames];
        while (Status(player) == Playing)
        {
            cancel.ThrowIfCancellationRequested();
            if (Write(synth, BlockFrames, left, 0, 1, right, 0, 1) == Failed)
                throw new InvalidOperationException("fluid_synth_write_float failed.");
            for (int i = 0; i < BlockFrames; i++) mono.Add(0.5f * (left[i] + right[i]));
        }
        return mono;
    }
}

/// <summary>Functions of <c>libfluidsynth</c>.</summary>
internal static partial class FluidsynthLibrary
{
    /// <summary>The shared library of fluidsynth 2 (Debian: libfluidsynth3).</summary>
    public const string Name = "libfluidsynth.so.3";

    /// <summary>Result of a function that failed.</summary>
    public const int Failed = -1;

    /// <summary>Result of <see cref="Status"/> while the player plays.</summary>
    public const int Playing = 1;

    /// <summary>True if the library is installed.</summary>
    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Name, out _);

    [LibraryImport(Name, EntryPoint = "new_fluid_settings")]
    public static partial nint NewSettings();

    [LibraryImport(Name, EntryPoint = "delete_fluid_settings")]
    public static partial void DeleteSettings(nint settings);

    [LibraryImport(Name, EntryPoint = "fluid_settings_setint", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetInt(nint settings, string name, int value);

    [LibraryImport(Name, EntryPoint = "fluid_settings_setnum", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetNumber(nint settings, string name, double value);

    [LibraryImport(Name, EntryPoint = "fluid_settings_setstr", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetString(nint settings, string name, string value);

    [LibraryImport(Name, EntryPoint = "new_fluid_synth")]
    public static partial nint NewSynth(nint settings);

    [LibraryImport(Name, EntryPoint = "delete_fluid_synth")]
    public static partial void DeleteSynth(nint synth);

    [LibraryImport(Name, EntryPoint = "fluid_synth_sfload", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LoadSoundFont(nint synth, string path, int resetPresets);

    [LibraryImport(Name, EntryPoint = "fluid_synth_write_float")]
    public static unsafe partial int Write(
        nint synth, int frames, float* left, int leftOffset, int leftStep, float* right, int rightOffset, int rightStep);

    [LibraryImport(Name, EntryPoint = "new_fluid_player")]
    public static partial nint NewPlayer(nint synth);

    [LibraryImport(Name, EntryPoint = "delete_fluid_player")]
    public static partial void DeletePlayer(nint player);

    [LibraryImport(Name, EntryPoint = "fluid_player_add_mem")]
    public static unsafe partial int AddMidi(nint player, byte* bytes, nuint length);

    [LibraryImport(Name, EntryPoint = "fluid_player_play")]
    public static partial int Play(nint player);

    [LibraryImport(Name, EntryPoint = "fluid_player_get_status")]
    public static partial int Status(nint player);

    [LibraryImport(Name, EntryPoint = "fluid_set_log_function")]
    public static partial nint SetLog(int level, nint function, nint data);
}
