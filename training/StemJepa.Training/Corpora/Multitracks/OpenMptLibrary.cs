using System.Runtime.InteropServices;

namespace StemJepa.Training.Corpora;

/// <summary>
/// The functions of <c>libopenmpt</c> that rendering needs, as its headers <c>libopenmpt.h</c> and <c>libopenmpt_ext.h</c> name them.
/// </summary>
internal static unsafe partial class OpenMptLibrary
{
    /// <summary>The shared library (Debian: libopenmpt0).</summary>
    public const string Name = "libopenmpt.so.0";

    /// <summary>The Debian package.</summary>
    public const string Package = "libopenmpt0";

    /// <summary>True where the library is installed.</summary>
    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Name, out _);

    /// <summary>The interface "interactive": function pointers in the header's order.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Interactive
    {
        public nint SetSpeed, SetTempo;
        public delegate* unmanaged<nint, double, int> SetTempoFactor;
        public nint GetTempoFactor;
        public delegate* unmanaged<nint, double, int> SetPitchFactor;
        public nint GetPitchFactor, SetGlobalVolume, GetGlobalVolume, SetChannelVolume, GetChannelVolume, SetChannelMute, GetChannelMute;
        public delegate* unmanaged<nint, int, int, int> SetInstrumentMute;
        public nint GetInstrumentMute, PlayNote, StopNote;
    }

    [LibraryImport(Name, EntryPoint = "openmpt_module_ext_create_from_memory")]
    public static partial nint Create(byte* bytes, nuint length, delegate* unmanaged<byte*, nint, void> log, nint logUser,
        nint errorFunction, nint errorUser, int* error, nint errorMessage, nint controls);

    [LibraryImport(Name, EntryPoint = "openmpt_module_ext_destroy")]
    public static partial void Destroy(nint extended);

    [LibraryImport(Name, EntryPoint = "openmpt_module_ext_get_module")]
    public static partial nint ModuleOf(nint extended);

    [LibraryImport(Name, EntryPoint = "openmpt_module_ext_get_interface", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetInterface(nint extended, string name, Interactive* value, nuint size);

    [LibraryImport(Name, EntryPoint = "openmpt_module_read_float_mono")]
    public static partial nuint Read(nint module, int rate, nuint count, float* mono);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_duration_seconds")]
    public static partial double Seconds(nint module);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_num_instruments")]
    public static partial int Instruments(nint module);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_num_samples")]
    public static partial int Samples(nint module);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_num_channels")]
    public static partial int Channels(nint module);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_num_orders")]
    public static partial int Orders(nint module);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_order_pattern")]
    public static partial int PatternAt(nint module, int order);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_pattern_num_rows")]
    public static partial int Rows(nint module, int pattern);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_pattern_row_channel_command")]
    public static partial byte Command(nint module, int pattern, int row, int channel, int command);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_instrument_name")]
    public static partial nint InstrumentName(nint module, int index);

    [LibraryImport(Name, EntryPoint = "openmpt_module_get_sample_name")]
    public static partial nint SampleName(nint module, int index);

    [LibraryImport(Name, EntryPoint = "openmpt_free_string")]
    public static partial void Free(nint text);

    /// <summary>A log that keeps nothing.</summary>
    [UnmanagedCallersOnly]
    public static void Silent(byte* message, nint user)
    {
    }
}
