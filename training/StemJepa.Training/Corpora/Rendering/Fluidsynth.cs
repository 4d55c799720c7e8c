using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using static StemJepa.Training.Corpora.FluidsynthLibrary;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Renders MIDI with libfluidsynth, at 48 kHz, since its oscillators alias at lower rates, and downsamples. The sound is, sample for sample,
/// that of the program <c>fluidsynth -n -i -F</c>: each call has a synthesiser of its own, since resetting one leaves the phases of its reverb
/// and chorus, so that a song would depend on the songs before it. Thread-safe.
/// </summary>
public static unsafe class Fluidsynth
{
    /// <summary>Samples per second of what <see cref="Render"/> returns.</summary>
    public const int OutputRate = 16_000;

    private const int SynthesisRate = 48_000, BlockFrames = 4096, LogLevels = 5;

    private static readonly ConcurrentDictionary<string, Lazy<nint>> Held = new();

    static Fluidsynth()
    {
        for (int level = 0; level < LogLevels; level++) SetLog(level, 0, 0);
    }

    /// <summary>Renders a MIDI file to mono samples at 16 kHz; <paramref name="name"/> is what errors call it.</summary>
    /// <exception cref="StemJepaException">The soundfont or the file cannot be used.</exception>
    public static float[] Render(ReadOnlySpan<byte> midi, string name, SoundFont soundFont, bool reverb, bool chorus, CancellationToken cancel)
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

    /// <summary>Decompresses a soundfont's samples into libfluidsynth's cache and keeps them there until the program ends.</summary>
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
            if (Write(synth, BlockFrames, left, 0, 1, right, 0, 1) == Failed) throw new InvalidOperationException("fluid_synth_write_float failed.");
            for (int i = 0; i < BlockFrames; i++) mono.Add(0.5f * (left[i] + right[i]));
        }
        return mono;
    }
}
