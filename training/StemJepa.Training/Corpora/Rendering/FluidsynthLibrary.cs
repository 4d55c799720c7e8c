using System.Runtime.InteropServices;

namespace StemJepa.Training.Corpora;

/// <summary>The functions of <c>libfluidsynth</c> that rendering needs, as its headers name them.</summary>
internal static partial class FluidsynthLibrary
{
    /// <summary>The shared library of fluidsynth 2 (Debian: libfluidsynth3).</summary>
    public const string Name = "libfluidsynth.so.3";

    /// <summary>What the functions return on failure.</summary>
    public const int Failed = -1;

    /// <summary>What <see cref="Status"/> returns while the player plays.</summary>
    public const int Playing = 1;

    /// <summary>True where the library is installed.</summary>
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
    public static unsafe partial int Write(nint synth, int frames, float* left, int leftOffset, int leftStep, float* right, int rightOffset, int rightStep);

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
