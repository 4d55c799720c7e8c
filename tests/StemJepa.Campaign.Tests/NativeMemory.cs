using System.Runtime.InteropServices;

namespace StemJepa.Campaign.Tests;

/// <summary>
/// What the C library's allocator has given out, which is not what the process occupies: it keeps much of what was given back, for threads
/// that may want it again.
/// </summary>
internal static partial class NativeMemory
{
    /// <summary>Bytes in use; null where the C library does not tell.</summary>
    internal static long? InUse()
    {
        try
        {
            MallInfo info = GetInfo();
            return info.InBlocks + info.Mapped;
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Tells the allocator to give back to the system what it keeps.</summary>
    internal static void Trim() => _ = GiveBack(0);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int GiveBack(nint kept);

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallInfo GetInfo();

    /// <summary>As mallinfo(3) has it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallInfo
    {
        private readonly nint _arena, _free, _fast, _mappings;
        internal readonly nint Mapped;
        private readonly nint _largest, _fastFree;
        internal readonly nint InBlocks;
        private readonly nint _freeBytes, _top;
    }
}
